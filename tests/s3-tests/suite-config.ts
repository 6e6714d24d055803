import type { S3User } from '../stock/launched-cluster.ts'

/** The users that the suite calls by. */
export interface SuiteUsers {
  readonly main: S3User
  readonly alt: S3User
  readonly tenant: S3User
}

function section(title: string, user: S3User, more: readonly string[] = []): string {
  return [
    `[${title}]`,
    `display_name = ${user.displayName}`,
    `user_id = ${user.canonicalId}`,
    `email = ${user.email}`,
    `access_key = ${user.accessKey}`,
    `secret_key = ${user.secretKey}`,
    ...more,
    '',
  ].join('\n')
}

/**
 * The suite's own configuration. There is no IAM: its sections name users that are there, so that the tests of it fail
 * and the others load.
 * @param daySeconds what a day of lifecycle lasts, s
 */
export function suiteConfig(
  { main, alt, tenant }: SuiteUsers,
  s3Port: number,
  daySeconds: number,
): string {
  return [
    '[DEFAULT]',
    'host = localhost',
    `port = ${s3Port}`,
    'is_secure = False',
    'ssl_verify = False',
    '',
    '[fixtures]',
    'bucket prefix = t{random}-',
    '',
    section('s3 main', main, [`lc_debug_interval = ${daySeconds}`]),
    section('s3 alt', alt),
    section('s3 tenant', tenant, ['tenant = testx']),
    section('iam', main),
    section('iam root', main),
    section('iam alt root', alt),
  ].join('\n')
}
