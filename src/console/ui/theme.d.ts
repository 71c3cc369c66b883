import type { IGardenTheme } from "@zendeskgarden/react-theming";

declare module "styled-components" {
  // What Garden's ThemeProvider puts into every styled component.
  export interface DefaultTheme extends IGardenTheme {}
}
