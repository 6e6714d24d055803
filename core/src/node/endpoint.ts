import type { Network, Reply } from '../ports/call.ts'
import type { ProxyNode } from '../proxy/proxy.ts'
import type { TargetNode } from '../target/target.ts'
import type { ActionMsg } from '../wire/action-msg.ts'
import type { ApiCall } from './api-call.ts'

/** A call with its action message, for endpoints chosen by `action`. */
export interface ActionCall extends ApiCall {
  readonly action: ActionMsg
}

type Half<N, C> = (call: C, node: N) => Reply | Promise<Reply>

interface EndpointBase {
  /** First word after `/v1/`. */
  readonly resource: string
  readonly method: string
  /** Query parameter that must be there; tried before endpoints that name none. */
  readonly query?: string
  /** Networks each role takes it on; absent: the public one. */
  readonly proxyNetworks?: readonly Network[]
  readonly targetNetworks?: readonly Network[]
  /** Answers also before the node is ready; as a function: the calls that it names. */
  readonly always?: boolean | ((api: ApiCall) => boolean)
}

/** An endpoint with both halves: reading it tells the whole story of one call. */
export interface PlainEndpoint extends EndpointBase {
  readonly action?: undefined
  readonly proxy?: Half<ProxyNode, ApiCall>
  readonly target?: Half<TargetNode, ApiCall>
}

/** An endpoint chosen by the `action` of the body's message. */
export interface ActionEndpoint extends EndpointBase {
  /** Its own action, or several that share one story. */
  readonly action: string | readonly string[]
  readonly proxy?: Half<ProxyNode, ActionCall>
  readonly target?: Half<TargetNode, ActionCall>
}

export type Endpoint = PlainEndpoint | ActionEndpoint

/** Types an endpoint without action. */
export function endpoint(definition: PlainEndpoint): PlainEndpoint {
  return definition
}

/** Types an endpoint chosen by action. */
export function actionEndpoint(definition: ActionEndpoint): ActionEndpoint {
  return definition
}
