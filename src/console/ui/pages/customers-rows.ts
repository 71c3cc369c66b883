/** The list of customers page by page, as far as somebody scrolls. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { type Answer, type CallFailed, call } from "../client.ts";

/** What the list is narrowed to; left out = not narrowed. */
export interface CustomerFilters {
  readonly text?: string;
  readonly tier?: string;
}

const PAGE = 200;

/** The pages so far (its `data` is the customers), and how to ask for more. */
export function useCustomers(filters: CustomerFilters) {
  const asked = useInfiniteQuery<Answer<"get /customers">, CallFailed, Answer<"get /customers">["customers"]>(
    {
      queryKey: ["get /customers", filters, "pages"],
      queryFn: ({ pageParam }) =>
        call("get /customers", {
          query: {
            ...filters,
            limit: PAGE,
            ...(typeof pageParam === "string" ? { cursor: pageParam } : {}),
          },
        }),
      initialPageParam: null,
      getNextPageParam: ({ next }) => next,
      select: ({ pages }) => pages.flatMap((page) => page.customers),
      placeholderData: (before) => before,
    },
  );
  const more = (): void => {
    if (asked.hasNextPage && !asked.isFetching) void asked.fetchNextPage();
  };
  return { asked, more };
}
