// Summaries and episodes are XML, as AWS's are.

export const xmlText = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
export const xmlAttribute = (text: string) => xmlText(text).replaceAll('"', '&quot;')
export const plainText = (xml: string) => xml.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
