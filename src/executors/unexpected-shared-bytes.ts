/** What `SharedBytes` say to a cloning algorithm that does not expect them. */

const code = 'ERR_UNEXPECTED_SHARED_BYTES'

export class UnexpectedSharedBytes extends TypeError {
  readonly code = code

  constructor() {
    super('SharedBytes can be passed to the tasks of an executor and back, and not be cloned otherwise.')
  }
}

/** By its code: a worker has this class twice, bundled and as what tasks import. */
export function isUnexpectedSharedBytes(error: unknown): boolean {
  return error instanceof TypeError && 'code' in error && error.code === code
}
