// From the Amazon S3 User Guide, "Multipart upload limits" and "Object key names".
export const maxPutBytes = 5 * 1024 ** 3
export const minPartBytes = 5 * 1024 ** 2
export const maxObjectBytes = 5 * 1024 ** 4
