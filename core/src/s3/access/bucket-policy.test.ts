import { describe, expect, it } from 'vitest'
import { S3Error } from '../s3-error.ts'
import { askPolicy, type Policy, parsePolicy } from './bucket-policy.ts'
import { checkedPolicy, storedPolicyOf } from './stored-policy.ts'

const ann = 'a'.repeat(64)
const bob = 'b'.repeat(64)
const users: Readonly<Record<string, string>> = { ann, bob }
const find = (user: string) => users[user]

const usual = {
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::bck/*',
}

function policyWith(changes: Readonly<Record<string, unknown>>): Policy {
  const statement = { ...usual, ...changes }
  return parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statement }), 'bck', find)
}

interface Question {
  readonly who?: string
  readonly action?: string
  readonly resource?: string
  readonly values?: Readonly<Record<string, readonly string[]>>
}

function ask(policy: Policy, question: Question = {}): string {
  const { who = '', action = 's3:GetObject', resource = 'bck/key', values = {} } = question
  const given = (key: string) => values[key]
  return askPolicy(policy, { canonicalId: who, action, resource, values: given })
}

/** What a policy answers to calls with these values, under a condition. */
function under(condition: unknown, values: Question['values'] = {}): string {
  return ask(policyWith({ Condition: condition }), { values })
}

describe('a bucket policy', () => {
  it.each<[string, Readonly<Record<string, unknown>>, Question, string]>([
    ['everybody', {}, {}, 'allow'],
    ['another action', {}, { action: 's3:PutObject' }, 'nothing'],
    ['an action by its beginning', { Action: 's3:get*' }, {}, 'allow'],
    ['all actions', { Action: '*' }, { action: 's3:PutObject' }, 'allow'],
    ['all but an action', { Action: undefined, NotAction: 's3:GetObject' }, {}, 'nothing'],
    ['the bucket, not what is in it', { Resource: 'arn:aws:s3:::bck' }, {}, 'nothing'],
    ['another key', { Resource: ['arn:aws:s3:::bck/a*'] }, {}, 'nothing'],
    [
      'all but a key',
      { Resource: undefined, NotResource: 'arn:aws:s3:::bck/key' },
      { resource: 'bck/other' },
      'allow',
    ],
    ['a user', { Principal: { AWS: 'arn:aws:iam:::user/ann' } }, { who: ann }, 'allow'],
    ['another user', { Principal: { AWS: 'arn:aws:iam:::user/ann' } }, { who: bob }, 'nothing'],
    ['a user, asked by nobody', { Principal: { AWS: ann } }, {}, 'nothing'],
    ['an account', { Principal: { AWS: ['arn:aws:iam::ann:root'] } }, { who: ann }, 'allow'],
    ['a canonical ID', { Principal: { CanonicalUser: bob } }, { who: bob }, 'allow'],
    [
      'all but a user',
      { Effect: 'Deny', Principal: undefined, NotPrincipal: { AWS: ann } },
      { who: bob },
      'deny',
    ],
  ])('means %s', (_, changes, question, expected) => {
    expect(ask(policyWith(changes), question)).toBe(expected)
  })

  it('denies what it also allows', () => {
    const statements = [usual, { ...usual, Effect: 'Deny', Resource: 'arn:aws:s3:::bck/s*' }]
    const policy = parsePolicy(JSON.stringify({ Statement: statements }), 'bck', find)
    expect(ask(policy)).toBe('allow')
    expect(ask(policy, { resource: 'bck/secret' })).toBe('deny')
  })

  it.each<[object, Record<string, string[]>, boolean]>([
    [{ StringEquals: { 's3:prefix': ['a', 'b'] } }, { 's3:prefix': ['b'] }, true],
    [{ StringEquals: { 's3:prefix': 'a' } }, {}, false],
    [{ StringEqualsIfExists: { 's3:prefix': 'a' } }, {}, true],
    [{ StringNotEquals: { 's3:prefix': ['a', 'b'] } }, { 's3:prefix': ['b'] }, false],
    [{ StringNotEquals: { 's3:prefix': 'a' } }, {}, true],
    [{ StringLike: { 'aws:Referer': 'http://a/*' } }, { 'aws:referer': ['http://a/b'] }, true],
    [{ StringNotLike: { 'aws:Referer': 'http://a/*' } }, { 'aws:referer': ['http://a/b'] }, false],
    [{ StringEqualsIgnoreCase: { 's3:prefix': 'A' } }, { 's3:prefix': ['a'] }, true],
    [{ NumericLessThanEquals: { 's3:max-keys': '10' } }, { 's3:max-keys': ['10'] }, true],
    [{ NumericLessThan: { 's3:max-keys': 10 } }, { 's3:max-keys': ['x'] }, false],
    [{ NumericNotEquals: { 's3:max-keys': 10 } }, { 's3:max-keys': ['11'] }, true],
    [{ DateGreaterThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } }, at('2026-02-01'), true],
    [{ DateLessThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } }, at('2026-02-01'), false],
    [{ Bool: { 'aws:SecureTransport': 'false' } }, { 'aws:securetransport': ['false'] }, true],
    [{ Bool: { 'aws:SecureTransport': true } }, { 'aws:securetransport': ['false'] }, false],
    [{ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, { 'aws:sourceip': ['10.1.2.3'] }, true],
    [
      { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      { 'aws:sourceip': ['::ffff:10.1.2.3'] },
      true,
    ],
    [{ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, { 'aws:sourceip': ['11.1.2.3'] }, false],
    [{ NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, { 'aws:sourceip': ['11.1.2.3'] }, true],
    [{ IpAddress: { 'aws:SourceIp': '2001:db8::/32' } }, { 'aws:sourceip': ['2001:db8::1'] }, true],
    [{ Null: { 's3:x-amz-acl': 'true' } }, {}, true],
    [{ Null: { 's3:x-amz-acl': 'false' } }, {}, false],
    [
      { 'ForAllValues:StringLike': { 's3:RequestObjectTagKeys': ['a*'] } },
      { 's3:requestobjecttagkeys': ['a', 'b'] },
      false,
    ],
    [
      { 'ForAnyValue:StringLike': { 's3:RequestObjectTagKeys': ['a*'] } },
      { 's3:requestobjecttagkeys': ['a', 'b'] },
      true,
    ],
    [
      { StringEquals: { 's3:ExistingObjectTag/Class': 'open' } },
      { 's3:existingobjecttag/Class': ['open'] },
      true,
    ],
  ])('under %j with %j: %s', (condition, values, expected) => {
    expect(under(condition, values)).toBe(expected ? 'allow' : 'nothing')
  })

  it.each<[object | string, RegExp]>([
    ['{', /valid JSON/],
    [{ Statement: [] }, /Statement/],
    [{ Version: '2020', Statement: [usual] }, /version/],
    [{ Statement: [usual], Extra: 1 }, /Extra/],
    [{ Statement: [{ ...usual, Effect: 'Maybe' }] }, /Statement\[0\]: Effect/],
    [{ Statement: [usual, { ...usual, Action: undefined }] }, /Statement\[1\]: .*Action/],
    [{ Statement: [{ ...usual, NotAction: 's3:*' }] }, /Action/],
    [{ Statement: [{ ...usual, Action: 's3:Nothing' }] }, /s3:nothing/],
    [{ Statement: [{ ...usual, Resource: 'arn:aws:s3:::other/*' }] }, /resource.*other/],
    [{ Statement: [{ ...usual, Principal: { AWS: 'eve' } }] }, /principal.*eve/],
    [{ Statement: [{ ...usual, Principal: { AWS: 'arn:aws:iam:::user/eve' } }] }, /principal/],
    [{ Statement: [{ ...usual, Principal: { Service: 'x' } }] }, /principal.*Service/],
    [{ Statement: [{ ...usual, Principal: undefined }] }, /Principal/],
    [
      { Statement: [{ ...usual, Principal: undefined, NotPrincipal: { AWS: ann } }] },
      /NotPrincipal/,
    ],
    [{ Statement: [{ ...usual, Condition: { StringEquals: { 'aws:Foo': 'a' } } }] }, /aws:Foo/],
    [{ Statement: [{ ...usual, Condition: { Sounds: { 's3:prefix': 'a' } } }] }, /Sounds/],
    [
      { Statement: [{ ...usual, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/33' } } }] },
      /10\.0\.0\.0\/33/,
    ],
    [{ Statement: [{ ...usual, Condition: { Bool: { 's3:prefix': 'true' } } }] }, /s3:prefix/],
    [
      {
        Statement: [
          {
            ...usual,
            Condition: { StringEquals: { 's3:prefix': ['$', '{aws:userid}'].join('') } },
          },
        ],
      },
      /variables/,
    ],
  ])('refuses %j', (policy, message) => {
    const text = typeof policy === 'string' ? policy : JSON.stringify(policy)
    try {
      parsePolicy(text, 'bck', find)
      expect.unreachable()
    } catch (error) {
      if (!(error instanceof S3Error)) throw error
      expect(error.s3Code).toBe('MalformedPolicy')
      expect(error.message).toMatch(message)
    }
  })

  it('is public when it lets everybody in, from anywhere', () => {
    expect(policyWith({}).isPublic).toBe(true)
    expect(policyWith({ Effect: 'Deny' }).isPublic).toBe(false)
    expect(policyWith({ Principal: { AWS: ann } }).isPublic).toBe(false)
    const from = (range: string) => ({ Condition: { IpAddress: { 'aws:SourceIp': range } } })
    expect(policyWith(from('10.0.0.0/8')).isPublic).toBe(false)
    expect(policyWith(from('0.0.0.0/0')).isPublic).toBe(true)
    const referer = { StringLike: { 'aws:Referer': 'http://a/*' } }
    expect(policyWith({ Condition: referer }).isPublic).toBe(true)
  })

  it('means the users that were there when it was set', () => {
    const text = JSON.stringify({
      Statement: { ...usual, Principal: { AWS: 'arn:aws:iam:::user/ann' } },
    })
    const { stored } = checkedPolicy(text, 'bck', find)
    const kept = storedPolicyOf(stored)
    expect(kept.text).toBe(text)
    expect(kept.policy && ask(kept.policy, { who: ann })).toBe('allow')
    expect(kept.policy && ask(kept.policy, { who: bob })).toBe('nothing')
  })

  it('that cannot be read is none that allows', () => {
    expect(storedPolicyOf('{"text":"{}"}').policy).toBeUndefined()
    expect(storedPolicyOf('rubbish').policy).toBeUndefined()
  })
})

function at(day: string): Record<string, string[]> {
  return { 'aws:currenttime': [String(Date.parse(`${day}T00:00:00Z`) / 1000)] }
}
