/** A tar header of these fields, its checksum right. */
export function header(fields: {
  name?: string
  size?: string | Buffer
  type?: string
  sum?: boolean
}): Buffer {
  const block = Buffer.alloc(512)
  block.write(fields.name ?? 'file', 0, 'latin1')
  const { size = '00000000000' } = fields
  if (typeof size === 'string') block.write(size, 124, 'latin1')
  else size.copy(block, 124)
  block.write('00000000000', 136)
  block.write(fields.type ?? '0', 156)
  block.write('ustar\u000000', 257, 'latin1')
  block.fill(32, 148, 156)
  const sum = block.reduce((total, byte) => total + byte, 0)
  if (fields.sum !== false) block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

/** What closes a tar file. */
export const end = Buffer.alloc(1_024)
/** A tar file of these blocks. */
export const tar = (...blocks: Buffer[]) => new Uint8Array(Buffer.concat([...blocks, end]))
/** A size as tar headers state it. */
export const octal = (value: number) => value.toString(8).padStart(11, '0')

/** Puts a pax or GNU header in front of a file. */
export function long(type: 'x' | 'L', body: Buffer): Buffer {
  return Buffer.concat([
    header({ type, size: octal(body.length) }),
    body,
    Buffer.alloc((512 - (body.length % 512)) % 512),
  ])
}

/** A pax record: its length, a blank, the text. */
export const record = (text: string) => {
  const length = text.length + 1
  const total = length + String(length + 2).length + 1
  return Buffer.from(`${total} ${text}\n`)
}
