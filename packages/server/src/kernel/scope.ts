// Every row, key and ARN belongs to one account in one Region.
export interface Scope {
  account: string
  region: string
}
