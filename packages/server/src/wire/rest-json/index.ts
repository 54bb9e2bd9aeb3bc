export { type OperationTable, type RestJsonOptions, restJson } from './rest-json.js'
