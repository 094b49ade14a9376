// router.ts - every page of the console, each loaded when first opened
import { createRouter, createWebHistory } from "vue-router";
import { useSession } from "./session";
import { t, type TextKey } from "./texts";

declare module "vue-router" { interface RouteMeta { title?: TextKey; open?: boolean; permission?: string } }

export const router = createRouter({
  history: createWebHistory("/app/"),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    { path: "/login", component: () => import("./pages/Login.vue"), meta: { title: "login", open: true } },
    { path: "/welcome", component: () => import("./pages/Welcome.vue"), meta: { title: "invitation", open: true } },
    { path: "/", component: () => import("./pages/Desk.vue"), meta: { title: "desk" } },
    { path: "/items", component: () => import("./pages/Items.vue"), meta: { title: "items", permission: "item.read" } },
    { path: "/items/basis", component: () => import("./pages/Basis.vue"), meta: { title: "items", permission: "item.read" } },
    { path: "/items/joint", component: () => import("./pages/Joints.vue"), meta: { title: "items", permission: "item.read" } },
    { path: "/items/joint/:code", component: () => import("./pages/Joint.vue"), meta: { title: "items", permission: "item.read" } },
    { path: "/items/:code", component: () => import("./pages/Item.vue"), meta: { title: "items", permission: "item.read" } },
    { path: "/targets", component: () => import("./pages/Targets.vue"), meta: { title: "targets", permission: "target.read" } },
    { path: "/targets/health", component: () => import("./pages/TargetHealth.vue"), meta: { title: "health", permission: "target.read" } },
    { path: "/targets/:code", component: () => import("./pages/Target.vue"), meta: { title: "targets", permission: "target.read" } },
    { path: "/inspectors", component: () => import("./pages/Inspectors.vue"), meta: { title: "inspectors", permission: "inspector.read" } },
    { path: "/inspectors/new", component: () => import("./people/InspectorForm.vue"), meta: { title: "inspectors", permission: "inspector.edit" } },
    { path: "/inspectors/:code", component: () => import("./pages/Inspector.vue"), meta: { title: "inspectors", permission: "inspector.read" } },
    { path: "/inspectors/:code/edit", component: () => import("./people/InspectorForm.vue"), meta: { title: "inspectors", permission: "inspector.edit" } },
    { path: "/teams", component: () => import("./people/Teams.vue"), meta: { title: "inspectors", permission: "inspector.read" } },
    { path: "/teams/:code", component: () => import("./people/Team.vue"), meta: { title: "inspectors", permission: "inspector.read" } },
    { path: "/experts", component: () => import("./pages/Experts.vue"), meta: { title: "experts", permission: "expert.read" } },
    { path: "/experts/new", component: () => import("./people/ExpertForm.vue"), meta: { title: "experts", permission: "expert.edit" } },
    { path: "/experts/:code", component: () => import("./people/Expert.vue"), meta: { title: "experts", permission: "expert.read" } },
    { path: "/experts/:code/edit", component: () => import("./people/ExpertForm.vue"), meta: { title: "experts", permission: "expert.edit" } },
    { path: "/plans", component: () => import("./pages/Plans.vue"), meta: { title: "plans", permission: "plan.read" } },
    { path: "/plans/:code", component: () => import("./pages/Plan.vue"), meta: { title: "plans", permission: "plan.read" } },
    { path: "/conferences", component: () => import("./pages/Conferences.vue"), meta: { title: "conferences", permission: "plan.read" } },
    { path: "/conferences/:id", component: () => import("./pages/Conference.vue"), meta: { title: "conferences", permission: "plan.read" } },
    { path: "/enterprise", component: () => import("./pages/Enterprise.vue"), meta: { title: "enterprise", permission: "target.own" } },
    { path: "/objections", component: () => import("./pages/Objections.vue"), meta: { title: "objections", permission: "objection" } },
    { path: "/takedowns", component: () => import("./pages/Takedowns.vue"), meta: { title: "takedowns", permission: "result.read" } },
    { path: "/recusals", component: () => import("./pages/Recusals.vue"), meta: { title: "recusals", permission: "objection" } },
    { path: "/leaders", component: () => import("./pages/Leaders.vue"), meta: { title: "leaders", permission: "statistics.read" } },
    { path: "/assessments", component: () => import("./pages/Assessments.vue"), meta: { title: "assessments", permission: "statistics.read" } },
    { path: "/assessments/:id", component: () => import("./pages/Assessment.vue"), meta: { title: "assessments", permission: "statistics.read" } },
    { path: "/leaders/rows", component: () => import("./pages/LeadersRows.vue"), meta: { title: "leaders", permission: "statistics.read" } },
    { path: "/risk", component: () => import("./pages/Risk.vue"), meta: { title: "risk", permission: "risk.read" } },
    { path: "/risk/schemes/:version", component: () => import("./pages/RiskScheme.vue"), meta: { title: "risk", permission: "risk.read" } },
    { path: "/risk/external", component: () => import("./pages/RiskExternal.vue"), meta: { title: "risk", permission: "risk.read" } },
    { path: "/risk/runs/:id", component: () => import("./pages/RiskRun.vue"), meta: { title: "risk", permission: "risk.read" } },
    { path: "/tasks", component: () => import("./pages/Tasks.vue"), meta: { title: "tasks", permission: "plan.read" } },
    { path: "/tasks/new", component: () => import("./pages/TaskNew.vue"), meta: { title: "tasks", permission: "plan.edit" } },
    { path: "/tasks/:code", component: () => import("./pages/Task.vue"), meta: { title: "tasks", permission: "plan.read" } },
    { path: "/mergings", component: () => import("./pages/Mergings.vue"), meta: { title: "mergings", permission: "plan.read" } },
    { path: "/mergings/:id", component: () => import("./pages/Merging.vue"), meta: { title: "mergings", permission: "plan.read" } },
    { path: "/results", component: () => import("./pages/Results.vue"), meta: { title: "results", permission: "result.read" } },
    { path: "/results/entry", component: () => import("./pages/ResultEntry.vue"), meta: { title: "results", permission: "result.enter" } },
    { path: "/results/:target/:id", component: () => import("./pages/Result.vue"), meta: { title: "results", permission: "result.read" } },
    { path: "/followups", component: () => import("./pages/Followups.vue"), meta: { title: "followups", permission: "result.read" } },
    { path: "/referrals", component: () => import("./pages/Followups.vue"), meta: { title: "followups", permission: "result.read" } },
    { path: "/followups/:target/:id", component: () => import("./pages/Followup.vue"), meta: { title: "followups", permission: "result.read" } },
    { path: "/leads", component: () => import("./pages/Leads.vue"), meta: { title: "leads", permission: "lead.read" } },
    { path: "/campaigns", component: () => import("./pages/Leads.vue"), meta: { title: "leads", permission: "lead.read" } },
    { path: "/leads/:code", component: () => import("./pages/Lead.vue"), meta: { title: "leads", permission: "lead.read" } },
    { path: "/campaigns/:code", component: () => import("./pages/Campaign.vue"), meta: { title: "leads", permission: "lead.read" } },
    { path: "/import", component: () => import("./pages/Import.vue"), meta: { title: "import", permission: "import" } },
    { path: "/exchange", component: () => import("./exchange/Exchange.vue"), meta: { title: "exchange", permission: "exchange" } },
    { path: "/exchange/:no", component: () => import("./exchange/Batch.vue"), meta: { title: "exchange", permission: "exchange" } },
    { path: "/journal", component: () => import("./pages/Journal.vue"), meta: { title: "journal", permission: "journal.read" } },
    { path: "/system/:tab?", component: () => import("./pages/System.vue"), meta: { title: "system" } },
    { path: "/:rest(.*)*", component: () => import("./pages/Missing.vue"), meta: { title: "missing" } },
  ],
});

router.beforeEach(async (to) => {
  const session = useSession();
  await session.ask();
  if (!to.meta.open && !session.me) return { path: "/login", query: to.fullPath === "/" ? {} : { then: to.fullPath } };
  if (to.path === "/login" && session.me) return "/";
  if (to.path === "/" && session.me?.kind === "enterprise") return "/enterprise";
  return true;
});
router.afterEach((to, from) => {
  document.title = `${to.meta.title ? t(to.meta.title) : ""} · ${t("brand")}`;
  if (from.matched.length && to.path !== from.path) window.setTimeout(() => document.querySelector<HTMLElement>("main h1")?.focus(), 50);
});
