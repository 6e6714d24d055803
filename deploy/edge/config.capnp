# An edge gateway on workerd: `npm run edge:build`, then `workerd serve deploy/edge/config.capnp`.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "edge", worker = .edge),
    # Where it keeps blocks of what it relays: in memory, so many bytes of them.
    (name = "blocks", worker = .blocks),
    # Where calls may go. Behind other addresses than these there is nothing of a cluster.
    (name = "cluster", network = (allow = ["local", "private", "public"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [(name = "http", address = "127.0.0.1:8090", http = (), service = "edge")],
);

const edge :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "../../dist/edge/worker.js")],
  compatibilityDate = "2026-11-01",
  globalOutbound = "cluster",
  cacheApiOutbound = "blocks",
  bindings = [
    (name = "AIS_EDGE_ID", fromEnvironment = "AIS_EDGE_ID"),
    (name = "AIS_EDGE_KEY", fromEnvironment = "AIS_EDGE_KEY"),
    (name = "AIS_EDGE_ROOT", fromEnvironment = "AIS_EDGE_ROOT"),
    (name = "AIS_EDGE_ORIGINS", fromEnvironment = "AIS_EDGE_ORIGINS"),
    (name = "AIS_EDGE_HOSTS", fromEnvironment = "AIS_EDGE_HOSTS"),
    (name = "AIS_EDGE_REACH", fromEnvironment = "AIS_EDGE_REACH"),
    (name = "AIS_EDGE_CACHE", fromEnvironment = "AIS_EDGE_CACHE"),
  ],
);

const blocks :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "../../dist/edge/cache-service.js")],
  compatibilityDate = "2026-11-01",
  bindings = [(name = "AIS_CACHE_BYTES", text = "33554432")],
);
