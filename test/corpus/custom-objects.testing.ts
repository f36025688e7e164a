/** An object of a public definition, and what makes it wrong. */
export interface CustomObjectCase {
  /** The name of the definition. */
  readonly definition: string;
  readonly version: string;
  /** What the object has besides its metadata. */
  readonly valid: Readonly<Record<string, unknown>>;
  /** Absent where the status is all that an object has: the path of objects ignores it. */
  readonly invalid?: Readonly<Record<string, unknown>>;
  /** What is said about the invalid one: path and message. */
  readonly wrong: readonly string[];
}

const issuerRef = { name: "ca", kind: "ClusterIssuer" };
const NOT_CHECKED =
  "<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";
const listener = { name: "web", port: 80, protocol: "HTTP" };
const backendRefs = [{ name: "app", port: 8080 }];
const application = {
  project: "default",
  destination: { server: "https://kubernetes.default.svc", namespace: "web" },
  source: { repoURL: "https://example.com/repo.git", path: "app", targetRevision: "HEAD", helm: { values: "a: 1\n" } },
  syncPolicy: { automated: { prune: true }, retry: { limit: 5, backoff: { duration: "5s", factor: 2 } } },
};
const challenge = {
  authorizationURL: "https://example.com/authz/1",
  dnsName: "example.com",
  issuerRef,
  key: "k",
  solver: { http01: { ingress: { ingressClassName: "nginx" } } },
  token: "t",
  type: "HTTP-01",
  url: "https://example.com/challenge/1",
};

const GATEWAY = "gateway.networking.k8s.io";

/** One case for every public definition. */
export const CUSTOM_OBJECTS: readonly CustomObjectCase[] = [
  {
    definition: "applications.argoproj.io",
    version: "v1alpha1",
    valid: { spec: application, operation: { retry: { limit: 1 } } },
    invalid: { spec: { destination: {}, source: { repoURL: 1 } } },
    wrong: [
      'spec.source.repoURL: Invalid value: "integer": spec.source.repoURL in body must be of type string: "integer"',
      "spec.project: Required value",
    ],
  },
  {
    definition: "applicationsets.argoproj.io",
    version: "v1alpha1",
    valid: {
      spec: {
        generators: [
          { list: { elements: [{ cluster: "a", deep: { n: 1 } }] } },
          { clusters: { selector: { matchLabels: { a: "b" } } } },
        ],
        template: { metadata: { name: "{{cluster}}" }, spec: application },
      },
    },
    invalid: {
      spec: { generators: [{ git: { repoURL: "r", files: [{}] } }], template: { metadata: {}, spec: application } },
    },
    wrong: ["spec.generators[0].git.files[0].path: Required value", "spec.generators[0].git.revision: Required value"],
  },
  {
    definition: "appprojects.argoproj.io",
    version: "v1alpha1",
    valid: {
      spec: {
        sourceRepos: ["*"],
        destinations: [{ namespace: "*", server: "*" }],
        roles: [{ name: "ci", policies: ["p, x"] }],
      },
    },
    invalid: { spec: { clusterResourceWhitelist: [{ group: "*" }], sourceRepos: "*" } },
    wrong: [
      "spec.clusterResourceWhitelist[0].kind: Required value",
      'spec.sourceRepos: Invalid value: "string": spec.sourceRepos in body must be of type array: "string"',
    ],
  },
  {
    definition: "certificaterequests.cert-manager.io",
    version: "v1",
    valid: { spec: { issuerRef, request: "aGVsbG8=", usages: ["server auth"], duration: "1h" } },
    invalid: { spec: { issuerRef: {}, request: "aGVsbG8=" } },
    wrong: ["spec.issuerRef.name: Required value"],
  },
  {
    definition: "certificates.cert-manager.io",
    version: "v1",
    valid: {
      spec: { secretName: "tls", issuerRef, dnsNames: ["example.com"], privateKey: { algorithm: "ECDSA", size: 256 } },
    },
    invalid: { spec: { secretName: "tls", issuerRef, privateKey: { algorithm: "DSA" } } },
    wrong: ['spec.privateKey.algorithm: Unsupported value: "DSA": supported values: "RSA", "ECDSA", "Ed25519"'],
  },
  {
    definition: "challenges.acme.cert-manager.io",
    version: "v1",
    valid: { spec: challenge },
    invalid: { spec: { ...challenge, type: "TLS" } },
    wrong: ['spec.type: Unsupported value: "TLS": supported values: "HTTP-01", "DNS-01"'],
  },
  {
    definition: "clusterissuers.cert-manager.io",
    version: "v1",
    valid: { spec: { selfSigned: {} } },
    invalid: { spec: { ca: {} } },
    wrong: ["spec.ca.secretName: Required value"],
  },
  {
    definition: "issuers.cert-manager.io",
    version: "v1",
    valid: {
      spec: {
        acme: {
          server: "https://example.com/dir",
          privateKeySecretRef: { name: "key" },
          solvers: [{ dns01: { webhook: { groupName: "g", solverName: "s", config: { any: [1] } } } }],
        },
      },
    },
    invalid: { spec: { acme: { server: "https://example.com/dir" } } },
    wrong: ["spec.acme.privateKeySecretRef: Required value"],
  },
  {
    definition: "orders.acme.cert-manager.io",
    version: "v1",
    valid: { spec: { issuerRef, request: "aGVsbG8=", dnsNames: ["example.com"] } },
    invalid: { spec: { issuerRef, request: "not base64!" } },
    wrong: ['spec.request: Invalid value: "not base64!": spec.request in body must be of type byte: "not base64!"'],
  },
  {
    definition: `backendtlspolicies.${GATEWAY}`,
    version: "v1",
    valid: {
      spec: {
        targetRefs: [{ group: "", kind: "Service", name: "app" }],
        validation: { hostname: "app.example.com", wellKnownCACertificates: "System" },
      },
    },
    invalid: {
      spec: { targetRefs: [{ group: "", kind: "Service", name: "app" }], validation: { hostname: "app.example.com" } },
    },
    wrong: ["spec.validation: Invalid value: must specify either CACertificateRefs or WellKnownCACertificates"],
  },
  {
    definition: `gatewayclasses.${GATEWAY}`,
    version: "v1",
    valid: { spec: { controllerName: "example.com/controller" } },
    invalid: { spec: { controllerName: "controller" } },
    wrong: [
      "spec.controllerName: Invalid value: \"controller\": spec.controllerName in body should match '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+$'",
    ],
  },
  {
    definition: `gateways.${GATEWAY}`,
    version: "v1",
    valid: {
      spec: { gatewayClassName: "any", listeners: [listener, { ...listener, name: "two", hostname: "a.example.com" }] },
    },
    invalid: {
      spec: {
        gatewayClassName: "any",
        listeners: [{ ...listener, hostname: "1.2.3.4" }, listener, { ...listener, protocol: "TCP", hostname: "a.b" }],
      },
    },
    wrong: [
      'spec.listeners[1]: Duplicate value: {"name":"web"}',
      "spec.listeners: Invalid value: hostname must not be specified for protocols ['TCP', 'UDP']",
      "spec.listeners: Invalid value: Listener name must be unique within the Gateway",
    ],
  },
  {
    definition: `grpcroutes.${GATEWAY}`,
    version: "v1",
    valid: {
      spec: {
        parentRefs: [{ name: "gw" }],
        rules: [{ matches: [{ method: { service: "a.B", method: "C" } }], backendRefs }],
      },
    },
    invalid: { spec: { rules: [{ matches: [{ method: { type: "Exact" } }] }] } },
    wrong: ["spec.rules[0].matches[0].method: Invalid value: One or both of 'service' or 'method' must be specified"],
  },
  {
    definition: `httproutes.${GATEWAY}`,
    version: "v1",
    valid: {
      spec: {
        parentRefs: [{ name: "gw", sectionName: "web" }],
        hostnames: ["*.example.com"],
        rules: [
          {
            matches: [{ path: { type: "PathPrefix", value: "/api" }, headers: [{ name: "X-Version", value: "2" }] }],
            filters: [{ type: "RequestHeaderModifier", requestHeaderModifier: { set: [{ name: "A", value: "b" }] } }],
            backendRefs,
            timeouts: { request: "10s", backendRequest: "5s" },
          },
        ],
      },
    },
    invalid: {
      spec: {
        rules: [
          {
            matches: [{ path: { type: "PathPrefix", value: "api//x" } }],
            filters: [
              { type: "RequestRedirect", requestRedirect: {} },
              { type: "URLRewrite", urlRewrite: {} },
            ],
            timeouts: { request: "1s", backendRequest: "2s" },
          },
        ],
      },
    },
    wrong: [
      "spec.rules[0].matches[0].path: Invalid value: value must be an absolute path and start with '/' when type one of ['Exact', 'PathPrefix']",
      "spec.rules[0].matches[0].path: Invalid value: must not contain '//' when type one of ['Exact', 'PathPrefix']",
      "spec.rules[0].filters: Invalid value: May specify either httpRouteFilterRequestRedirect or httpRouteFilterRequestRewrite, but not both",
      "spec.rules[0].timeouts: Invalid value: backendRequest timeout cannot be longer than request timeout",
    ],
  },
  {
    definition: `listenersets.${GATEWAY}`,
    version: "v1",
    valid: { spec: { parentRef: { name: "gw" }, listeners: [listener] } },
    invalid: { spec: { parentRef: { name: "gw" }, listeners: [{ ...listener, tls: {} }] } },
    wrong: [
      "spec.listeners: Invalid value: tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']",
      'spec.listeners[0].tls: Invalid value: "object": no such key: certificateRefs evaluating rule: certificateRefs or options must be specified when mode is Terminate',
    ],
  },
  {
    definition: `referencegrants.${GATEWAY}`,
    version: "v1",
    valid: {
      spec: { from: [{ group: GATEWAY, kind: "HTTPRoute", namespace: "web" }], to: [{ group: "", kind: "Service" }] },
    },
    invalid: { spec: { from: [], to: [{ group: "", kind: "Service" }] } },
    wrong: ["spec.from: Invalid value: 0: spec.from in body should have at least 1 items"],
  },
  {
    definition: `tcproutes.${GATEWAY}`,
    version: "v1",
    valid: { spec: { rules: [{ backendRefs }] } },
    invalid: {
      spec: {
        rules: [
          { name: "a", backendRefs },
          { name: "a", backendRefs },
        ],
      },
    },
    wrong: ["spec.rules: Too many: 2: must have at most 1 items", NOT_CHECKED],
  },
  {
    definition: `tlsroutes.${GATEWAY}`,
    version: "v1",
    valid: { spec: { hostnames: ["a.example.com"], rules: [{ backendRefs }] } },
    invalid: { spec: { hostnames: ["1.2.3.4"], rules: [{ backendRefs }] } },
    wrong: ["spec.hostnames: Invalid value: Hostnames cannot contain an IP"],
  },
  {
    definition: `udproutes.${GATEWAY}`,
    version: "v1",
    valid: { spec: { rules: [{ backendRefs }] } },
    invalid: { spec: { rules: [{ backendRefs: [{ name: "app" }] }] } },
    wrong: ["spec.rules[0].backendRefs[0]: Invalid value: Must have port for Service reference"],
  },
  {
    definition: "bfdprofiles.metallb.io",
    version: "v1beta1",
    valid: { spec: { receiveInterval: 20, echoMode: true } },
    invalid: { spec: { receiveInterval: 1 } },
    wrong: [
      "spec.receiveInterval: Invalid value: 1: spec.receiveInterval in body should be greater than or equal to 10",
    ],
  },
  {
    definition: "bgpadvertisements.metallb.io",
    version: "v1beta1",
    valid: { spec: { aggregationLength: 24, communities: ["65535:65282"], peers: ["a"] } },
    invalid: { spec: { aggregationLength: 0 } },
    wrong: [
      "spec.aggregationLength: Invalid value: 0: spec.aggregationLength in body should be greater than or equal to 1",
    ],
  },
  {
    definition: "bgppeers.metallb.io",
    version: "v1beta2",
    valid: { spec: { myASN: 64512, peerASN: 64513, peerAddress: "172.30.0.10", holdTime: "90s" } },
    invalid: { spec: { myASN: -1, peerASN: 64513, dynamicASN: "sideways" } },
    wrong: [
      "spec.myASN: Invalid value: -1: spec.myASN in body should be greater than or equal to 0",
      'spec.dynamicASN: Unsupported value: "sideways": supported values: "internal", "external"',
      NOT_CHECKED,
    ],
  },
  {
    definition: "communities.metallb.io",
    version: "v1beta1",
    valid: { spec: { communities: [{ name: "vpn", value: "1234:1" }] } },
    invalid: { spec: { communities: [{ name: 1 }] } },
    wrong: [
      'spec.communities[0].name: Invalid value: "integer": spec.communities[0].name in body must be of type string: "integer"',
    ],
  },
  {
    definition: "configurationstates.metallb.io",
    version: "v1beta1",
    valid: { status: { result: "Valid" } },
    wrong: [],
  },
  {
    definition: "ipaddresspools.metallb.io",
    version: "v1beta1",
    valid: {
      spec: { addresses: ["172.30.9.0/24"], autoAssign: false, serviceAllocation: { priority: 5, namespaces: ["a"] } },
    },
    invalid: { spec: { autoAssign: "no" } },
    wrong: [
      'spec.autoAssign: Invalid value: "string": spec.autoAssign in body must be of type boolean: "string"',
      "spec.addresses: Required value",
    ],
  },
  {
    definition: "l2advertisements.metallb.io",
    version: "v1beta1",
    valid: { spec: { ipAddressPools: ["p"], nodeSelectors: [{ matchLabels: { a: "b" } }] } },
    invalid: { spec: { nodeSelectors: [{ matchExpressions: [{ key: "a" }] }] } },
    wrong: ["spec.nodeSelectors[0].matchExpressions[0].operator: Required value"],
  },
  {
    definition: "servicebgpstatuses.metallb.io",
    version: "v1beta1",
    valid: { spec: {} },
    invalid: { spec: "x" },
    wrong: ['spec: Invalid value: "string": spec in body must be of type object: "string"', NOT_CHECKED],
  },
  {
    definition: "servicel2statuses.metallb.io",
    version: "v1beta1",
    valid: { spec: {} },
    invalid: { spec: [] },
    wrong: ['spec: Invalid value: "array": spec in body must be of type object: "array"', NOT_CHECKED],
  },
];
