// Code packages: a zip on disk becomes a folder of code, named by the hash of the zip.

export interface CodePackage {
  /** Read-only folder on this host. */
  dir: string
  unpackedBytes: number
}

export interface CodePackages {
  /**
   * Unpacks once per `sha256`; later calls answer at once. Nothing half-unpacked is ever visible. Rejects with
   * PortError('code', code), whose message a user can act on: `not-a-zip`, `unsafe-path` (slip, absolute, link out),
   * `too-large` (size found, limit, biggest folders), `unsupported` (encrypted entries, devices).
   */
  unpack(zipPath: string, sha256: string, limits: { unpackedBytes: number }): Promise<CodePackage>
  /** Where `unpack` puts the code of that zip, whether it is there yet or not. */
  dir(sha256: string): string
  /** Removes the folder; safe when it is gone. */
  remove(sha256: string): Promise<void>
}
