/** Tickets: every decision, what waits for a person, and one ticket with everything it rests on. */
import { Route, Switch } from "wouter";
import { TicketStory } from "./ticket-story.tsx";
import { TicketList } from "./tickets-list.tsx";
import { ParkedDeliveries } from "./tickets-parked.tsx";

/** The page with its parts. */
export function Tickets() {
  return (
    <Switch>
      <Route path="/" component={TicketList} />
      <Route path="/failed" component={ParkedDeliveries} />
      <Route path="/:id">{({ id }) => <TicketStory id={decodeURIComponent(id)} />}</Route>
    </Switch>
  );
}
