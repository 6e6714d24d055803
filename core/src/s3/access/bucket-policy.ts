import { utf8Length } from '../../algorithms/utf8.ts'
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../../wire/json.ts'
import { S3Error } from '../s3-error.ts'
import { isActionPattern } from './policy-actions.ts'
import {
  type Condition,
  type ConditionValues,
  holds,
  parseConditions,
} from './policy-conditions.ts'
import { type MalformedAt, textsOf } from './policy-text.ts'
import { matchesWildcard } from './wildcard.ts'

/** Bytes of a policy. Amazon's. */
export const policyBytesMax = 20 * 1024

/** Something that is meant, or all but it. */
interface Meant<T> {
  readonly not: boolean
  readonly of: T
}

interface Principals {
  readonly everybody: boolean
  readonly canonicalIds: ReadonlySet<string>
}

interface Statement {
  readonly effect: 'Allow' | 'Deny'
  readonly principals: Meant<Principals>
  /** Lower case. */
  readonly actions: Meant<readonly string[]>
  /** Without `arn:aws:s3:::`. */
  readonly resources: Meant<readonly string[]>
  readonly conditions: readonly Condition[]
}

export interface Policy {
  readonly statements: readonly Statement[]
  /** Every condition key that it names. */
  readonly keys: ReadonlySet<string>
  /** Whether it lets everybody do something. */
  readonly isPublic: boolean
}

/** What a policy is asked. */
export interface PolicyQuestion {
  /** Of who calls; empty: anonymous. */
  readonly canonicalId: string
  readonly action: string
  /** `bucket` or `bucket/key`. */
  readonly resource: string
  readonly values: ConditionValues
}

/** Whom a policy means: a user's canonical ID by the user's ID; `undefined`: there is none. */
export type CanonicalIdOf = (user: string) => string | undefined

const arnPrefix = 'arn:aws:s3:::'
const noAccount = '000000000000'

function malformedAt(place: string): MalformedAt {
  return (why) =>
    new S3Error('MalformedPolicy', { message: place === '' ? why : `${place}: ${why}` })
}

/** A canonical ID, or the ARN of a user, or of the root of an account that is called as its user is. */
function canonicalIdOf(text: string, find: CanonicalIdOf): string | undefined {
  if (/^[0-9a-f]{64}$/.test(text)) return text
  const [, account = '', root, name = ''] =
    /^arn:aws:iam::([^:]*):(?:(root)|user\/(?:.*\/)?([^/]+))$/.exec(text) ?? []
  if (root !== undefined) return find(account)
  if (name === '' || !['', noAccount, name].includes(account)) return undefined
  return find(name)
}

function parsePrincipals(
  value: JsonValue,
  find: CanonicalIdOf,
  malformed: MalformedAt,
): Principals {
  if (value === '*') return { everybody: true, canonicalIds: new Set() }
  if (!isJsonObject(value)) throw malformed('Invalid principal in policy')
  const canonicalIds = new Set<string>()
  let everybody = false
  for (const [kind, given] of Object.entries(value)) {
    const texts = kind === 'AWS' || kind === 'CanonicalUser' ? textsOf(given) : undefined
    if (texts === undefined) throw malformed(`Invalid principal in policy: "${kind}"`)
    for (const text of texts) {
      if (text === '*' && kind === 'AWS') everybody = true
      else {
        const id = canonicalIdOf(text, find)
        if (id === undefined) throw malformed(`Invalid principal in policy: "${text}"`)
        canonicalIds.add(id)
      }
    }
  }
  if (!everybody && canonicalIds.size === 0) throw malformed('Invalid principal in policy')
  return { everybody, canonicalIds }
}

/** The one of two members that is there. */
function either(
  statement: JsonObject,
  name: string,
  malformed: MalformedAt,
): { readonly not: boolean; readonly value: JsonValue } {
  const plain = statement[name]
  const negated = statement[`Not${name}`]
  if (plain !== undefined && negated === undefined) return { not: false, value: plain }
  if (negated !== undefined && plain === undefined) return { not: true, value: negated }
  throw malformed(`Missing required field ${name}, or both ${name} and Not${name}`)
}

function patterns(value: JsonValue, name: string, malformed: MalformedAt): readonly string[] {
  const texts = textsOf(value)
  if (texts !== undefined && texts.length > 0) return texts
  throw malformed(`${name} must be a text or a list of texts`)
}

const members: ReadonlySet<string> = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
])

function parseStatement(
  value: JsonValue,
  bucket: string,
  find: CanonicalIdOf,
  malformed: MalformedAt,
): Statement {
  if (!isJsonObject(value)) throw malformed('must be an object')
  const unknown = Object.keys(value).find((name) => !members.has(name))
  if (unknown !== undefined) throw malformed(`Unknown field ${unknown}`)
  const { Effect: effect, Sid: sid, Condition: condition } = value
  if (sid !== undefined && typeof sid !== 'string') throw malformed('Sid must be a text')
  if (effect !== 'Allow' && effect !== 'Deny') throw malformed('Effect must be Allow or Deny')
  const who = either(value, 'Principal', malformed)
  if (who.not && effect === 'Allow') throw malformed('Allow with NotPrincipal is not allowed')
  const what = either(value, 'Action', malformed)
  const where = either(value, 'Resource', malformed)
  const actions = patterns(what.value, 'Action', malformed).map((text) => text.toLowerCase())
  const wrong = actions.find((action) => !isActionPattern(action))
  if (wrong !== undefined) throw malformed(`Policy has invalid action: "${wrong}"`)
  const resources = patterns(where.value, 'Resource', malformed).map((text) => {
    if (text.includes('${')) throw malformed('Policy variables are not supported (Resource)')
    const plain =
      text === '*' ? text : text.startsWith(arnPrefix) ? text.slice(arnPrefix.length) : ''
    const [name = ''] = plain.split('/')
    if (matchesWildcard(name, bucket)) return plain
    throw malformed(`Policy has invalid resource: "${text}"`)
  })
  return {
    effect,
    principals: { not: who.not, of: parsePrincipals(who.value, find, malformed) },
    actions: { not: what.not, of: actions },
    resources: { not: where.not, of: resources },
    conditions: condition === undefined ? [] : parseConditions(condition, malformed),
  }
}

/**
 * Reads a policy; what could not be heeded exactly is refused.
 * @throws S3Error `MalformedPolicy` naming the field
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(text: string, bucket: string, find: CanonicalIdOf): Policy {
  const malformed = malformedAt('')
  if (utf8Length(text) > policyBytesMax) {
    throw malformed(`Policies must not be larger than ${policyBytesMax} bytes`)
  }
  let json: JsonValue
  try {
    json = parseJson(text)
  } catch (cause) {
    throw new S3Error('MalformedPolicy', { message: 'Policies must be valid JSON', cause })
  }
  if (!isJsonObject(json)) throw malformed('Policies must be valid JSON objects')
  const unknown = Object.keys(json).find((name) => !['Version', 'Id', 'Statement'].includes(name))
  if (unknown !== undefined) throw malformed(`Unknown field ${unknown}`)
  const { Version: version, Id: id, Statement: given } = json
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') {
    throw malformed('The policy must contain a valid version string')
  }
  if (id !== undefined && typeof id !== 'string') throw malformed('Id must be a text')
  const list = Array.isArray(given) ? given : given === undefined ? [] : [given]
  if (list.length === 0) throw malformed('Missing required field Statement')
  const statements = list.map((statement, at) =>
    parseStatement(statement, bucket, find, malformedAt(`Statement[${at}]`)),
  )
  return {
    statements,
    keys: new Set(statements.flatMap(({ conditions }) => conditions.map(({ key }) => key))),
    isPublic: statements.some(
      ({ effect, principals, conditions }) =>
        effect === 'Allow' &&
        principals.of.everybody &&
        !conditions.some((condition) => condition.narrows),
    ),
  }
}

function isMeant(
  { principals, actions, resources, conditions }: Statement,
  question: PolicyQuestion,
) {
  const { canonicalId, action, resource, values } = question
  const { everybody, canonicalIds } = principals.of
  const isNamed = everybody || canonicalIds.has(canonicalId)
  if (isNamed === principals.not) return false
  const lower = action.toLowerCase()
  if (actions.of.some((pattern) => matchesWildcard(pattern, lower)) === actions.not) return false
  const isThere = resources.of.some((pattern) => matchesWildcard(pattern, resource))
  return isThere !== resources.not && conditions.every((condition) => holds(condition, values))
}

/** What a policy says: an explicit denial wins over whatever else it allows. */
export function askPolicy(policy: Policy, question: PolicyQuestion): 'allow' | 'deny' | 'nothing' {
  const meant = policy.statements.filter((statement) => isMeant(statement, question))
  if (meant.some(({ effect }) => effect === 'Deny')) return 'deny'
  return meant.length > 0 ? 'allow' : 'nothing'
}
