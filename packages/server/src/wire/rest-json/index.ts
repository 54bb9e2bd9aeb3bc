export { type OperationTable, type OwnRefuser, type RestJsonOptions, restJson } from './rest-json.js'
