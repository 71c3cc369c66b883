/** One customer with everything that is told about it, as its page's parts take it. */
import type { Answer } from "../client.ts";

export type FullCustomer = Answer<"get /customers/{id}">;
