/** The console around its pages: navigation at the side, one page at a time, one address for each. */
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "@zendeskgarden/react-buttons";
import { Body, Chrome, Content, Header, Main, Nav, SkipNav } from "@zendeskgarden/react-chrome";
import { type ComponentType, lazy, Suspense } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Link, Route, Router, Switch, useLocation } from "wouter";
import { call, useAnswer } from "./client.ts";
import { Live } from "./live.tsx";
import { Quiet, Stack } from "./parts/look.tsx";
import { NavIcon, type NavIconName } from "./parts/nav-icon.tsx";
import { Empty, Loading } from "./parts/states.tsx";

/** Pages in the order of the navigation; each is loaded when it is first opened. */
const pages: readonly { readonly path: string; readonly name: NavIconName; readonly Page: ComponentType }[] =
  [
    {
      path: "/",
      name: "overview",
      Page: lazy(() => import("./pages/overview.tsx").then((m) => ({ default: m.Overview }))),
    },
  ];

/** The whole console, for somebody who is signed in. */
export function Frame() {
  return (
    <Router base="/console">
      <Chrome isFluid>
        <SkipNav targetId="content">
          <FormattedMessage id="nav.skip" />
        </SkipNav>
        <SideNav />
        <Body>
          <Top />
          <Content id="content">
            <Main>
              <Live />
              <Suspense fallback={<Loading lines={8} />}>
                <Pages />
              </Suspense>
            </Main>
          </Content>
        </Body>
      </Chrome>
    </Router>
  );
}

function Pages() {
  return (
    <Switch>
      {pages.map(({ path, Page }) =>
        path === "/" ? (
          <Route key={path} path="/" component={Page} />
        ) : (
          <Route key={path} path={path} nest>
            <Page />
          </Route>
        ),
      )}
      <Route>
        <Empty title={<FormattedMessage id="page.missing" />}>
          <Link href="/">
            <FormattedMessage id="page.back" />
          </Link>
        </Empty>
      </Route>
    </Switch>
  );
}

function SideNav() {
  const intl = useIntl();
  const [location, go] = useLocation();
  return (
    <Nav isExpanded aria-label={intl.formatMessage({ id: "app.name" })}>
      <Nav.List>
        {pages.map(({ path, name }) => (
          <Nav.Item
            key={path}
            isCurrent={path === "/" ? location === "/" : location.startsWith(path)}
            onClick={() => go(path)}
          >
            <Nav.ItemIcon>
              <NavIcon name={name} />
            </Nav.ItemIcon>
            <Nav.ItemText>
              <FormattedMessage id={`nav.${name}`} />
            </Nav.ItemText>
          </Nav.Item>
        ))}
      </Nav.List>
    </Nav>
  );
}

/** Who is signed in, and the way out. */
function Top() {
  const session = useAnswer("get /session", {});
  const queries = useQueryClient();
  const out = (): void => {
    void call("delete /session", {}).finally(() => {
      queries.clear();
      location.assign("/console");
    });
  };
  return (
    <Header>
      <Header.Item maxX>
        <Stack $gap="xs">
          <strong>
            <FormattedMessage id="app.name" />
          </strong>
        </Stack>
      </Header.Item>
      {session.data !== undefined && (
        <Header.Item>
          <Quiet>
            <FormattedMessage
              id="nav.signedInAs"
              values={{ email: session.data.email, role: session.data.role }}
            />
          </Quiet>
        </Header.Item>
      )}
      <Header.Item>
        <Button isBasic size="small" onClick={out}>
          <FormattedMessage id="nav.signOut" />
        </Button>
      </Header.Item>
    </Header>
  );
}
