import { AisError } from '../errors/ais-error.ts'
import type { Call, Handler, Network, Reply } from '../ports/call.ts'
import type { ProxyNode } from '../proxy/proxy.ts'
import { runAdmitted } from '../redirect/redirect-check.ts'
import type { TargetNode } from '../target/target.ts'
import { isReading } from '../target/write-fence.ts'
import type { Query } from '../wire/query.ts'
import { type ParsedTarget, parseTarget } from '../wire/target.ts'
import { type ApiCall, readAction } from './api-call.ts'
import { guardBrowser } from './browser-guard.ts'
import { forBrowser } from './browser-json.ts'
import { checkRevoked } from './check-revoked.ts'
import { easyUrl } from './easy-url.ts'
import type { ActionEndpoint, Endpoint, PlainEndpoint } from './endpoint.ts'
import { errorReply, toAisError } from './error-reply.ts'
import { metricsReply } from './metrics.ts'

/** A node in its role. */
export type RoleNode =
  | { readonly role: 'proxy'; readonly node: ProxyNode }
  | { readonly role: 'target'; readonly node: TargetNode }

/** Methods a resource may be asked with; OPTIONS is answered for all of them. */
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

const networks = ['public', 'control', 'data'] as const

/** What one method of one resource offers on one network: plain endpoints by query, then one without, or actions. */
interface Slot {
  readonly plain: PlainEndpoint[]
  readonly actions: ActionEndpoint[]
}

interface ResourceTable {
  /** Methods known on any network, for 405 and `Allow`. */
  readonly methods: Set<string>
  /** By network, then by method. */
  readonly slots: Readonly<Record<Network, Map<string, Slot>>>
}

/** Endpoints of one role, by resource, then by network and method. Order of registration is kept. */
function tableOf(
  role: 'proxy' | 'target',
  endpoints: readonly Endpoint[],
): ReadonlyMap<string, ResourceTable> {
  const table = new Map<string, ResourceTable>()
  for (const endpoint of endpoints) {
    if (endpoint[role] === undefined) continue
    const known = table.get(endpoint.resource) ?? {
      methods: new Set(),
      slots: { public: new Map(), control: new Map(), data: new Map() },
    }
    table.set(endpoint.resource, known)
    known.methods.add(endpoint.method)
    const own = role === 'proxy' ? endpoint.proxyNetworks : endpoint.targetNetworks
    for (const network of networks) {
      if (!(own ?? ['public']).includes(network)) continue
      const slot = known.slots[network].get(endpoint.method) ?? { plain: [], actions: [] }
      known.slots[network].set(endpoint.method, slot)
      if (endpoint.action === undefined) slot.plain.push(endpoint)
      else slot.actions.push(endpoint)
    }
  }
  return table
}

function methodOf(call: Call): string {
  if (call.method !== 'POST') return call.method
  const override = call.headers.get('x-http-method-override')
  if (override === undefined) return 'POST'
  if (override.toUpperCase() === 'GET') return 'GET'
  throw new AisError('ErrBadRequest', `X-HTTP-Method-Override: expecting GET (have "${override}")`)
}

function notAllowed(call: Call, known: ReadonlySet<string>): Reply {
  const allow = methods.filter((method) => known.has(method)).join(', ')
  if (call.method === 'OPTIONS') return { status: 200, headers: [['Allow', allow]] }
  return {
    status: 405,
    headers: [
      ['Allow', allow],
      ['Content-Type', 'text/plain; charset=utf-8'],
      ['X-Content-Type-Options', 'nosniff'],
    ],
    body: { kind: 'bytes', bytes: 'Method Not Allowed\n' },
  }
}

/** A control-plane caller on the public listener is somebody pretending. @see AIStore ais/htrun.go */
function guardCaller(call: Call, path: string): void {
  if (call.headers.get('ais-caller-id') === undefined || path === '/v1/cluster/autoreg') return
  throw new AisError('ErrForbidden', 'Ais-Caller-Id is not accepted on the public network')
}

/** Runs one half of an endpoint that was chosen without its body. */
function runPlain(of: RoleNode, endpoint: PlainEndpoint, api: ApiCall): Reply | Promise<Reply> {
  if (of.role === 'proxy') return endpoint.proxy ? endpoint.proxy(api, of.node) : noSuchPath(api)
  return endpoint.target ? endpoint.target(api, of.node) : noSuchPath(api)
}

async function runAction(
  of: RoleNode,
  candidates: readonly ActionEndpoint[],
  api: ApiCall,
): Promise<Reply> {
  const action = await readAction(api)
  const matches = (endpoint: ActionEndpoint) =>
    typeof endpoint.action === 'string'
      ? endpoint.action === action.action
      : endpoint.action.includes(action.action)
  const endpoint = candidates.find(matches)
  if (endpoint === undefined) {
    throw new AisError('ErrBadRequest', `invalid action "${action.action}" for ${api.target.path}`)
  }
  const call = { ...api, action }
  if (of.role === 'proxy') return endpoint.proxy ? endpoint.proxy(call, of.node) : noSuchPath(api)
  return endpoint.target ? endpoint.target(call, of.node) : noSuchPath(api)
}

/** The endpoint that one of the parameters chooses, else the one that needs none. */
function plainOf({ plain }: Slot, query: Query): PlainEndpoint | undefined {
  let without: PlainEndpoint | undefined
  for (const endpoint of plain) {
    if (endpoint.query === undefined) without ??= endpoint
    else if (query.has(endpoint.query)) return endpoint
  }
  return without
}

function noSuchPath(api: { readonly target: ParsedTarget }): never {
  throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}"`)
}

function run(
  of: RoleNode,
  slot: Slot,
  plain: PlainEndpoint | undefined,
  api: ApiCall,
): Reply | Promise<Reply> {
  const begin = () => (plain ? runPlain(of, plain, api) : runAction(of, slot.actions, api))
  if (of.role !== 'target') return begin()
  const { node } = of
  const guarded = isWrite(api) ? () => node.fence.guard(begin) : begin
  return isAtObject(api) ? runAdmitted(node, api, guarded) : guarded()
}

/** A change of objects, of a client or on its behalf. What a rebalance moves keeps its place in the order of versions. */
function isWrite({ method, target }: ApiCall): boolean {
  return target.segments[1] === 'objects' && !isReading(method)
}

/** A call of a client, about objects: whom a gateway sends there shows its tag. */
function isAtObject({ call, target }: ApiCall): boolean {
  const resource = target.segments[1]
  return call.network === 'public' && (resource === 'objects' || resource === 'ml')
}

/** A target that others know to be in the map may be the last to hear of it: it asks before it refuses. */
async function whenReady(of: RoleNode, then: () => Reply | Promise<Reply>): Promise<Reply> {
  if (of.role === 'target') await of.node.refreshMetadata()
  if (!of.node.ready()) throw new AisError('ErrNotReady', '')
  return then()
}

function route(
  of: RoleNode,
  table: ReadonlyMap<string, ResourceTable>,
  call: Call,
  target: ParsedTarget,
): Reply | Promise<Reply> {
  const { segments } = target
  const [version, resource] = segments
  if (call.network === 'public') {
    guardCaller(call, target.path)
    if (of.role === 'proxy') checkRevoked(call.headers, of.node)
  }
  // On every network: a page that guesses a control port must not get further than one that knows the public one.
  guardBrowser(call.headers, of.node.hosts())
  if (version === 'metrics' && segments.length === 1) return metricsReply(call, of.node)
  const known = version === 'v1' && resource !== undefined ? table.get(resource) : undefined
  if (known === undefined) return noSuchPath({ target })
  const method = methodOf(call)
  if (!known.methods.has(method)) return notAllowed(call, known.methods)
  const slot = known.slots[call.network].get(method)
  if (slot === undefined) {
    throw new AisError(
      'ErrForbidden',
      `${method} ${target.path} is not permitted on the ${call.network} network`,
    )
  }
  const api: ApiCall = { call, method, target, items: segments.slice(2) }
  const plain = plainOf(slot, target.query)
  const always = plain?.always ?? false
  if (!of.node.ready() && !(typeof always === 'function' ? always(api) : always)) {
    return whenReady(of, () => run(of, slot, plain, api))
  }
  return run(of, slot, plain, api)
}

/** The handler of a node: parses the target once, guards, routes, and turns whatever is thrown into an answer. */
export function createHandler(of: RoleNode, endpoints: readonly Endpoint[]): Handler {
  const table = tableOf(of.role, endpoints)
  const { node } = of

  function fail(error: unknown, call: Call, path: string): Reply {
    return errorReply(node, toAisError(node, error, call), call, path)
  }

  return (call) => {
    let path = call.target
    try {
      const parsed = parseTarget(call.target)
      path = parsed.path
      const reply = route(of, table, call, easyUrl(call.method, parsed))
      if (!(reply instanceof Promise)) return forBrowser(call, reply)
      return reply.then(
        (settled) => forBrowser(call, settled),
        (error) => fail(error, call, path),
      )
    } catch (error) {
      return fail(error, call, path)
    }
  }
}
