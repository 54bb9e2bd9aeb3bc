import { IAMClient } from '@aws-sdk/client-iam'
import { platformAccess } from './connection.js'
import type { Invoked } from './invoked.js'

/** Runs the work with the stock client of IAM for the platform that the command means, and closes it. */
export async function withIam<Result>(invoked: Invoked, work: (iam: IAMClient) => Promise<Result>): Promise<Result> {
  const { endpoint, region, credentials } = await platformAccess(invoked)
  const iam = new IAMClient({ endpoint, region, credentials })
  try {
    return await work(iam)
  } finally {
    iam.destroy()
  }
}
