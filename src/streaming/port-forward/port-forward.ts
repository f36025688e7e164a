/** The subprotocol of port forwarding, over SPDY and in the tunnel's name. */
export const PORT_FORWARD_PROTOCOL = "portforward.k8s.io";
