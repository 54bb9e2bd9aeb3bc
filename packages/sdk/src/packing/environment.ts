/** The variables under which tools of packing run. */
export type Environment = Readonly<Record<string, string | undefined>>
