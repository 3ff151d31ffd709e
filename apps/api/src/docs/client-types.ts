/** How the types of the client are made of the document: a field with a default need not be sent. */
export const CLIENT_TYPES = ['--default-non-nullable=false'] as const;
