import { Server as ConnectionSource, type Socket } from "node:net";
import { builtinResources } from "@fairlead/api/kinds";
import type { User } from "@fairlead/apiserver/authn/authenticator";
import { bootstrap } from "@fairlead/apiserver/bootstrap/bootstrap";
import { startKubernetesService } from "@fairlead/apiserver/bootstrap/kubernetes-service";
import { serverLeases } from "@fairlead/apiserver/bootstrap/server-leases";
import { startCustomResources } from "@fairlead/apiserver/customresources/start-custom-resources";
import { versionInfo } from "@fairlead/apiserver/discovery/version";
import { listen } from "@fairlead/apiserver/http/listen";
import { objectExchange } from "@fairlead/apiserver/in-process/object-exchange";
import { apiServerPolicy } from "@fairlead/apiserver/policy";
import type { ApiServer } from "@fairlead/apiserver/server";
import { createApiServer } from "@fairlead/apiserver/server";
import type { CacheSource } from "@fairlead/client/cache/cache-source";
import { createSharedCaches } from "@fairlead/client/cache/shared-caches";
import type { Client } from "@fairlead/client/client";
import { startLeaderElection } from "@fairlead/client/controller/leader-election";
import { clientOf } from "@fairlead/client/rest/rest-client";
import { startControllers } from "@fairlead/controllers/start-controllers";
import { imageArchitecture } from "@fairlead/images/image-architecture";
import type { Clock } from "@fairlead/lib/clock";
import { ExpectedError } from "@fairlead/lib/expected-error";
import type { Logger } from "@fairlead/lib/log";
import { createMetrics, type Metrics } from "@fairlead/lib/metrics";
import { addProcessMetrics } from "@fairlead/lib/process-metrics";
import { readIfThere } from "@fairlead/lib/read-if-there";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import { readBuild } from "@fairlead/lib/version";
import { startLoadBalancer } from "@fairlead/loadbalancer/start-load-balancer";
import { startScheduler } from "@fairlead/scheduler/start-scheduler";
import { startCompactor } from "@fairlead/store/compactor";
import type { Store } from "@fairlead/store/store";
import { addressAt, type FamilyRanges } from "../description/addresses.ts";
import type { KeyPair } from "../pki/pki-files.ts";
import { pkiFiles, readKeyPair } from "../pki/pki-files.ts";
import { bundledFile } from "../program.ts";
import { DOOR_CONNECTION, DOOR_READY, DOOR_TAKEN } from "../supervisor/loopback-door.ts";

/** Addresses, store and settings of a control plane. */
export interface ServerProgramOptions {
  /** Closed after everything else has stopped. */
  readonly store: Store;
  /** The folder with the cluster's certificates. */
  readonly pkiFolder: string;
  /** Identifies this server among others of the cluster, also from run to run. Default: its address. */
  readonly name?: string;
  /** Under which nodes and pods reach this server. */
  readonly advertiseAddress: string;
  readonly securePort: number;
  /** Whether connections to a port of the host are handed over by the parent process. */
  readonly takesConnections: boolean;
  readonly serviceCIDRs: FamilyRanges;
  readonly podCIDRs: FamilyRanges;
  readonly nodePorts: { readonly first: number; readonly last: number };
  readonly clusterDomain: string;
  /** The address of the cluster's DNS Service. */
  readonly clusterDNS: string;
  /** What Services of type LoadBalancer get at first. */
  readonly loadBalancer: {
    /** Ranges of the first pool. */
    readonly addresses: readonly string[];
    readonly isOn: boolean;
  };
  readonly log: Logger;
  readonly clock: Clock;
}

/** The control plane in one process: API server, controllers and scheduler. Resolves when all of it works. */
export async function startServerProgram(options: ServerProgramOptions): Promise<Running> {
  const { log, clock, store } = options;
  const pki = await readServerPki(options.pkiFolder);
  const metrics = createMetrics();
  addProcessMetrics(metrics);
  const inProcess = inProcessClients();
  const adminUser = user("system:apiserver", "system:masters");
  const admin = inProcess.client(adminUser);
  const shared = createSharedCaches({ client: admin, log, clock });
  const cachesOf = (reader: User) =>
    shared.sourceFor((resource) => inProcess.server().assertMayFollow(reader, resource));
  const caches = cachesOf(adminUser);
  const policy = policyOf(options, pki, { client: admin, caches });
  const server = await createApiServer({
    store,
    resources: builtinResources,
    ...policy,
    parseProgram: bundledFile("apiserver/http/large-body/parse-worker.js"),
    version: versionInfo(readBuild(), `linux/${imageArchitecture()}`),
    externalAddress: `${options.advertiseAddress}:${options.securePort}`,
    log,
    clock,
    metrics,
  });
  inProcess.connect(server);
  // No client is to find that a resource is not there because the server has not read its definition yet.
  const customResources = await startCustomResources({
    ...{ resources: server.resources, client: admin, caches },
    ...{ log, clock },
  });
  const listening = await listen({
    server,
    tls: { cert: pki.apiServer.certificate, key: pki.apiServer.key, clientCa: pki.ca },
    address: { host: "0.0.0.0", port: options.securePort },
    sockets: options.takesConnections ? [parentsConnections()] : [],
    log,
  });
  log.info("API server listening", { port: options.securePort });

  await bootstrap(admin, { dns: { clusterIP: options.clusterDNS } });
  // Until the roles are known only administrators may do anything: controllers would only be refused.
  const following = await policy.start();
  const parts = [
    customResources,
    following,
    ...(await startParts(options, pki, { admin, clientOf: inProcess.client, cachesOf, metrics })),
  ];
  log.info("Control plane started");
  return running(async () => {
    await Promise.all(parts.map((part) => part.stop()));
    await server.stop();
    await listening.stop();
    await store.close();
    // The channel to the parent would keep the process running.
    if (options.takesConnections) process.disconnect?.();
    log.info("Control plane stopped");
  });
}

/** The API server for parts of this process. */
interface InProcess {
  clientOf(user: User): Client;
  /** The caches that the user may read, out of one set for all. */
  cachesOf(user: User): CacheSource;
}

/** What follows the objects and acts on them, each part as the user that it is upstream. */
async function startParts(
  { store, log, clock, ...options }: ServerProgramOptions,
  pki: ServerPki,
  {
    admin,
    clientOf: inProcessClient,
    cachesOf,
    metrics,
  }: InProcess & { readonly admin: Client; readonly metrics: Metrics },
): Promise<readonly Running[]> {
  return await Promise.all([
    startKubernetesService({
      client: admin,
      serviceIP: addressAt(options.serviceCIDRs[0], 1),
      leases: serverLeases(store, options.advertiseAddress, clock),
      port: options.securePort,
      log,
      clock,
    }),
    elected("kube-controller-manager", async () => {
      const controllers = await startControllers({
        clientFor: (name) => inProcessClient(componentUser(name)),
        cachesFor: (name) => cachesOf(componentUser(name)),
        options: { rootCA: pki.ca, clusterCIDRs: options.podCIDRs },
        ...{ log, clock, metrics },
      });
      const loadBalancer = startLoadBalancer({
        client: inProcessClient(componentUser("system:fairlead:loadbalancer")),
        caches: cachesOf(componentUser("system:fairlead:loadbalancer")),
        ...{ admin, addresses: options.loadBalancer.addresses, isOnAtFirst: options.loadBalancer.isOn },
        ...{ log, clock, metrics },
      });
      return running(async () => void (await Promise.all([controllers.stop(), loadBalancer.stop()])));
    }),
    elected("kube-scheduler", () =>
      startScheduler({
        client: inProcessClient(componentUser("system:kube-scheduler")),
        caches: cachesOf(componentUser("system:kube-scheduler")),
        ...{ log, clock, metrics },
      }),
    ),
    startCompactor({ store, log, clock }),
  ]);

  /** Runs a part on one server of the cluster at a time. Resolves when it runs, here or there. */
  async function elected(name: string, lead: () => Promise<Running>): Promise<Running> {
    const election = startLeaderElection({
      client: inProcessClient(componentUser(`system:${name}`)),
      name,
      // A server that starts again goes on at once where it led: its store has no other process of this name.
      identity: options.name ?? options.advertiseAddress,
      renewPeriodMs: RENEW_PERIOD_MS,
      lead,
      log,
      clock,
      metrics,
    });
    await election.settled;
    return election;
  }
}

/** A third of the time that a lease lasts, in milliseconds. */
const RENEW_PERIOD_MS = 5_000;

function policyOf(
  options: ServerProgramOptions,
  pki: ServerPki,
  own: { readonly client: Client; readonly caches: CacheSource },
) {
  const { store, log, clock } = options;
  return apiServerPolicy({
    store,
    ...own,
    serviceAccounts: {
      issuer: `https://kubernetes.default.svc.${options.clusterDomain}`,
      signingKey: pki.serviceAccountKey,
    },
    serviceCIDRs: options.serviceCIDRs,
    nodePorts: options.nodePorts,
    kubeletTls: { cert: pki.kubeletClient.certificate, key: pki.kubeletClient.key, ca: pki.ca },
    log,
    clock,
  });
}

/** Clients of a server in this process, which may be made before the server is. */
function inProcessClients() {
  let server: ApiServer | undefined;
  const made = (): ApiServer => {
    if (server === undefined) throw new Error("The API server was asked before it was made");
    return server;
  };
  return {
    server: made,
    client: (user: User): Client => clientOf(objectExchange(made, { user, userAgent: programOf(user) })),
    connect(started: ApiServer): void {
      server = started;
    },
  };
}

/** Returns upstream's name of the program that acts as a user: `metadata.managedFields` records it for its writes. */
function programOf({ name }: User): string {
  if (name === "system:kube-scheduler") return "kube-scheduler";
  return name.startsWith("system:serviceaccount:kube-system:") ? "kube-controller-manager" : "kube-apiserver";
}

function user(name: string, ...groups: string[]): User {
  return { name, uid: "", groups: [...groups, "system:authenticated"], extra: {} };
}

/** Service accounts are members of their namespace's group, as when they come with a token. */
function componentUser(name: string): User {
  const [, kind, namespace] = name.split(":");
  const isServiceAccount = kind === "serviceaccount" && namespace !== undefined;
  return user(name, ...(isServiceAccount ? ["system:serviceaccounts", `system:serviceaccounts:${namespace}`] : []));
}

/** The connections that the parent process hands over, as a listening server would give them. */
function parentsConnections(): ConnectionSource {
  const source = new ConnectionSource();
  process.on("message", (message, connection) => {
    if (message !== DOOR_CONNECTION) return;
    process.send?.(DOOR_TAKEN);
    // Undefined where the client has gone meanwhile.
    if (connection !== undefined) source.emit("connection", connection as Socket);
  });
  process.send?.(DOOR_READY);
  return source;
}

interface ServerPki {
  /** PEM of the authority's certificate. */
  readonly ca: string;
  readonly apiServer: KeyPair;
  readonly kubeletClient: KeyPair;
  readonly serviceAccountKey: string;
}

async function readServerPki(folder: string): Promise<ServerPki> {
  const files = pkiFiles(folder);
  const [ca, apiServer, kubeletClient, serviceAccountKey] = await Promise.all([
    readIfThere(`${files.ca}.crt`),
    readKeyPair(files.apiServer),
    readKeyPair(files.apiServerKubeletClient),
    readIfThere(files.serviceAccountKey),
  ]);
  if (ca === undefined || !apiServer || !kubeletClient || serviceAccountKey === undefined) {
    throw new ExpectedError(`Cannot start the API server: its certificates are missing in ${folder}`);
  }
  return { ca, apiServer, kubeletClient, serviceAccountKey };
}
