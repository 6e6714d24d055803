import type { Checksum } from '@aistore-ts/core/object/checksum.ts'
import type { ApiCall, Connection } from './connection.ts'
import { type PutData, requestBody } from './transport/request-body.ts'

/**
 * Writes an object piece by piece. The handle that the target gives back says where it is; a piece is never sent
 * twice, since it could arrive twice. When the object exists, the pieces follow its content.
 */
export class AppendWriter {
  readonly #connection: Connection
  readonly #call: ApiCall
  #handle = ''

  constructor(connection: Connection, call: ApiCall) {
    this.#connection = connection
    this.#call = call
  }

  async append(data: PutData, lengthBytes?: number): Promise<void> {
    const response = await this.#connection.headers({
      ...this.#step('append'),
      body: requestBody(data, lengthBytes),
      repeatable: false,
    })
    this.#handle = response.headers.get('ais-append-handle') ?? this.#handle
  }

  /** Makes the object visible. Without any `append` before it does nothing. */
  async flush(checksum?: Checksum): Promise<void> {
    if (this.#handle === '') return
    await this.#connection.headers({
      ...this.#step('flush'),
      headers:
        checksum === undefined
          ? []
          : [
              ['Ais-Checksum-Type', checksum.type],
              ['Ais-Checksum-Value', checksum.value],
            ],
      repeatable: false,
    })
  }

  #step(type: 'append' | 'flush'): ApiCall {
    return {
      ...this.#call,
      query: [...(this.#call.query ?? []), ['append_type', type], ['append_handle', this.#handle]],
    }
  }
}
