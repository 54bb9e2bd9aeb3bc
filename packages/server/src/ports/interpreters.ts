// Interpreters: what this host has to run code with.

/** AWS's names: NODE_22, PYTHON_3_10 … PYTHON_3_14. */
export type CodeRuntime = 'NODE_22' | 'PYTHON_3_10' | 'PYTHON_3_11' | 'PYTHON_3_12' | 'PYTHON_3_13' | 'PYTHON_3_14'

export interface Interpreter {
  language: 'node' | 'python'
  path: string
  /** As the interpreter prints it: `24.21.0`, `3.11.7`. */
  version: string
  /** False when another major or minor than asked runs: shown by `agents get`, listed in divergences.md. */
  exact: boolean
}

export interface Interpreters {
  /** The nearest that the host has; `undefined` when the language is missing. Looked up once, then remembered. */
  find(runtime: CodeRuntime): Promise<Interpreter | undefined>
}
