/** Version of the command line whose grammar and output this is; AIStore 5.0 accepts it. */
export const version = '1.32'
