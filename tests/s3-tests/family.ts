/** What tests are about, by their names; of several the first. */
const families: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['logging', /logging|log_/],
  ['encryption', /encrypt|sse_|_sse|kms/],
  ['lifecycle', /lifecycle|transition|restore/],
  ['object lock', /object_lock|legal_hold|retention/],
  ['POST forms', /post_object/],
  ['CORS', /cors/],
  ['website', /website/],
  ['versioning', /version|delete_marker|dm_/],
  ['policy, public access', /policy|public|_block|ownership|policystatus|get_authpublic/],
  ['ACL', /acl|grant|access_|anon|_raw_|permission|authenticated|bucket_owner|logged_in/],
  ['multipart', /multipart|upload_part|parts?_|_mpu/],
  ['checksums', /checksum|md5|sha256|crc/],
  [
    'conditions',
    /ifmatch|ifnonematch|ifmodified|ifunmodified|ifnone|if_match|if_none|conditional|_if_/,
  ],
  ['copy', /copy/],
  ['ranges', /rang/],
  ['tagging', /tag/],
  ['listing', /_list|list_/],
  ['signature', /headers::|auth|presign|aws4|aws2|expire/],
  ['buckets', /bucket/],
]

/** The family that a test is counted with. */
export function familyOf(test: string): string {
  return families.find(([, pattern]) => pattern.test(test))?.[0] ?? 'objects'
}
