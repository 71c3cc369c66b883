/** Customers: who gets what and why, what is held, what should be looked at, what will change, and one account in full. */
import { Route, Switch } from "wouter";
import { CustomerStory } from "./customer-story.tsx";
import { HeldChanges } from "./customers-held.tsx";
import { CustomerList } from "./customers-list.tsx";
import { MovementList } from "./customers-movements.tsx";
import { ReviewPage } from "./customers-review.tsx";

/** The page with its parts. */
export function Customers() {
  return (
    <Switch>
      <Route path="/" component={CustomerList} />
      <Route path="/held" component={HeldChanges} />
      <Route path="/review" component={ReviewPage} />
      <Route path="/movements" component={MovementList} />
      <Route path="/:id">{({ id }) => <CustomerStory id={decodeURIComponent(id)} />}</Route>
    </Switch>
  );
}
