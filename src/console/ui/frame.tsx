/** The console around its pages: navigation at the side, one page at a time, one address for each. */
import { Body, Chrome, Content, Main, Nav, SkipNav } from "@zendeskgarden/react-chrome";
import { Dots } from "@zendeskgarden/react-loaders";
import { type ReactNode, Suspense } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Route, Router, Switch, useLocation } from "wouter";
import { NavIcon, type NavIconName } from "./parts/nav-icon.tsx";

const pages: readonly { readonly path: string; readonly name: NavIconName; readonly page: ReactNode }[] = [];

/** The whole console. */
export function Frame() {
  return (
    <Router base="/console">
      <Chrome isFluid>
        <SkipNav targetId="content">
          <FormattedMessage id="nav.skip" />
        </SkipNav>
        <SideNav />
        <Body>
          <Content id="content">
            <Main>
              <Suspense fallback={<Dots size="32" />}>
                <Switch>
                  {pages.map(({ path, page }) => (
                    <Route key={path} path={path} nest>
                      {page}
                    </Route>
                  ))}
                </Switch>
              </Suspense>
            </Main>
          </Content>
        </Body>
      </Chrome>
    </Router>
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
