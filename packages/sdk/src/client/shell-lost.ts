/** A shell that cannot be reached any more; the message says why. */
export class ShellLost extends Error {
  override readonly name = 'ShellLost'
}
