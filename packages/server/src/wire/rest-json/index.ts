export { type OperationTable, restJson } from './rest-json.js'
