/** The console around its pages: navigation at the side, one page at a time, one address for each. */
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "@zendeskgarden/react-buttons";
import { Body, Chrome, Content, Header, Main, Nav, SkipNav } from "@zendeskgarden/react-chrome";
import { type ComponentType, lazy, Suspense, useEffect, useState, useSyncExternalStore } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import styled from "styled-components";
import { Link, Redirect, Route, Router, Switch, useLocation } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import { call, useAnswer } from "./client.ts";
import { Live } from "./live.tsx";
import { Quiet, Row } from "./parts/look.tsx";
import { ModePill } from "./parts/mode-pill.tsx";
import { NavIcon, type NavIconName } from "./parts/nav-icon.tsx";
import { Loading, PageHead } from "./parts/states.tsx";

const BASE = "/console";

/** Pages in the order of the navigation; each is loaded when it is first opened. */
const pages: readonly { readonly path: string; readonly name: NavIconName; readonly Page: ComponentType }[] =
  [
    {
      path: "/",
      name: "overview",
      Page: lazy(() => import("./pages/overview.tsx").then((m) => ({ default: m.Overview }))),
    },
    {
      path: "/tickets",
      name: "tickets",
      Page: lazy(() => import("./pages/tickets.tsx").then((m) => ({ default: m.Tickets }))),
    },
    {
      path: "/customers",
      name: "customers",
      Page: lazy(() => import("./pages/customers.tsx").then((m) => ({ default: m.Customers }))),
    },
    {
      path: "/promises",
      name: "promises",
      Page: lazy(() => import("./pages/promises.tsx").then((m) => ({ default: m.Promises }))),
    },
    {
      path: "/reports",
      name: "reports",
      Page: lazy(() => import("./pages/reports.tsx").then((m) => ({ default: m.Reports }))),
    },
    {
      path: "/policy",
      name: "policy",
      Page: lazy(() => import("./pages/policy.tsx").then((m) => ({ default: m.PolicyPage }))),
    },
    {
      path: "/mapping",
      name: "mapping",
      Page: lazy(() => import("./pages/mapping.tsx").then((m) => ({ default: m.Mapping }))),
    },
    {
      path: "/setup",
      name: "setup",
      Page: lazy(() => import("./pages/set-up.tsx").then((m) => ({ default: m.SetUp }))),
    },
  ];

/** The help desk's frame has an address of its own, and no history: the page's place stands behind `#` there. */
const framed = !location.pathname.startsWith(BASE);

/** The whole console, for somebody who is signed in. */
export function Frame() {
  return (
    <Router base={BASE} {...(framed ? { hook: useHashLocation } : {})}>
      <Chrome isFluid>
        <SkipNav targetId="content">
          <FormattedMessage id="nav.skip" />
        </SkipNav>
        <SideNav />
        <Body>
          <Top />
          <Content id="content">
            <Main tabIndex={-1}>
              <Page>
                <Live />
                <Suspense fallback={<Loading lines={8} />}>
                  <Pages />
                </Suspense>
              </Page>
            </Main>
          </Content>
        </Body>
      </Chrome>
    </Router>
  );
}

/** Room around every page, and no wider than can be read. */
const Page = styled.div`
  display: flex;
  flex-direction: column;
  gap: ${({ theme }) => theme.space.md};
  max-width: 1440px;
  margin: 0 auto;
  padding: ${({ theme }) => `${theme.space.lg} ${theme.space.lg} ${theme.space.xxl}`};
  @media (max-width: 700px) {
    padding: ${({ theme }) => theme.space.sm};
  }
`;

function Pages() {
  const [location] = useLocation();
  if (framed && location === "~/") return <Redirect to="/" replace />;
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
        <PageHead
          title={<FormattedMessage id="page.missing" />}
          about={
            <Link href="/">
              <FormattedMessage id="page.back" />
            </Link>
          }
        />
      </Route>
    </Switch>
  );
}

function SideNav() {
  const intl = useIntl();
  const [location, go] = useLocation();
  const wide = useIsWide();
  const isCurrent = (path: string): boolean =>
    path === "/" ? location === "/" : location === path || location.startsWith(`${path}/`);
  const current = pages.find(({ path }) => isCurrent(path))?.name;
  useEffect(() => {
    const app = intl.formatMessage({ id: "app.name" });
    document.title = current === undefined ? app : `${intl.formatMessage({ id: `nav.${current}` })} · ${app}`;
  }, [current, intl]);
  return (
    <Nav isExpanded={wide} aria-label={intl.formatMessage({ id: "app.name" })}>
      <Nav.List>
        {pages.map(({ path, name }) => (
          <Nav.Item
            key={path}
            isCurrent={isCurrent(path)}
            title={wide ? undefined : intl.formatMessage({ id: `nav.${name}` })}
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

/** Room for the navigation's words? */
function useIsWide(): boolean {
  const [query] = useState(() => matchMedia("(min-width: 1000px)"));
  return useSyncExternalStore(
    (told) => {
      query.addEventListener("change", told);
      return () => query.removeEventListener("change", told);
    },
    () => query.matches,
  );
}

/** Whether anything is written outside, who is signed in, and the way out. */
function Top() {
  const session = useAnswer("get /session", {});
  const switches = useAnswer("get /switches", {});
  const queries = useQueryClient();
  const out = (): void => {
    void call("delete /session", {}).finally(() => {
      queries.clear();
      location.assign(BASE);
    });
  };
  return (
    <Header>
      <Header.ItemWrapper maxX>
        <Row>
          <strong>
            <FormattedMessage id="app.name" />
          </strong>
          {switches.data !== undefined && <ModePill switches={switches.data} />}
        </Row>
      </Header.ItemWrapper>
      {session.data !== undefined && (
        <Header.ItemWrapper>
          <Quiet>
            <FormattedMessage
              id="nav.signedInAs"
              values={{ email: session.data.email, role: session.data.role }}
            />
          </Quiet>
        </Header.ItemWrapper>
      )}
      {!framed && (
        <Header.ItemWrapper>
          <Button isBasic size="small" onClick={out}>
            <FormattedMessage id="nav.signOut" />
          </Button>
        </Header.ItemWrapper>
      )}
    </Header>
  );
}
