// SPDX-License-Identifier: MIT
// The frame around the screens: one task a screen, what is to be known on every screen above it, four doors below.
import { createField, SfluvLoadError, webTransport, type Field } from "sfluv-field";
import { contactOf, outboxList, proposalList, type Contact, type DraftPlace, type OutboxList, type ProposalList } from "sfluv-field/controllers";
import { baseStyles, controlStyles, icons, rowStyles, SfluvElement, tokenStyles, type Connection } from "sfluv-field/elements";
import { html, nothing, type TemplateResult } from "lit";

import { showBadge } from "./badge.js";
import { keep, kept } from "./kept.js";
import { chosenLanguage, useLanguage, type LanguageTag } from "./language.js";
import { firstPlace, go, placeBefore, placeOf, type Place } from "./place.js";
import { contextOf } from "./proposals.js";
import { headersOf, isComplete, isLink, keepSession, readLink, withAccount, type Session } from "./session.js";
import { keptRetentionDays } from "./settings.js";
import { shellStyles } from "./shell_styles.js";
import { keepForOffline } from "./updates.js";

/** What no screen waits for comes after what is waited for. */
const whenIdle = (run: () => void) =>
  void ("requestIdleCallback" in globalThis ? requestIdleCallback(run, { timeout: 3000 }) : setTimeout(run, 1000));

/** The disk need not know every request: minutes are what is shown. */
const heardStepMs = 60_000;

const accountKey = ({ apiBase, account }: Pick<Field, "apiBase" | "account">): string => `${apiBase} ${account}`;

const tabs = ["work", "outbox", "pay", "more"] as const;

export class FieldApp extends SfluvElement {
  static override properties = {
    ...SfluvElement.properties,
    place: { state: true },
    field: { state: true },
    session: { state: true },
    trouble: { state: true },
    newVersion: { state: true },
    said: { state: true },
    undelivered: { state: true },
    asksToSend: { state: true },
    isFirstTime: { state: true },
    others: { state: true },
    proposals: { state: true },
    credentialTypes: { state: true },
  };
  static override styles = [tokenStyles, baseStyles, controlStyles, rowStyles, shellStyles];

  declare protected place: Place;
  declare protected field: Field | undefined;
  declare protected session: Session;
  declare protected trouble: TemplateResult | undefined;
  /** Brings in the new version that waits. */
  declare protected newVersion: (() => void) | undefined;
  declare protected said: string;
  declare protected undelivered: number;
  /** Signed in again while something waits: sending is the person's word. */
  declare protected asksToSend: boolean;
  /** Nothing was captured here yet: the time to say that an installed app keeps work better. */
  declare protected isFirstTime: boolean;
  /** Other people of this device whose work waits for them. */
  declare protected others: { account: string; undelivered: number }[];
  /** What this account may propose and vote on; a new object at each change. */
  declare protected proposals: ProposalList["state"] | undefined;
  /** Which credentials one may ask for, as far as it is known here. */
  declare protected credentialTypes: readonly string[];
  #proposalList: ProposalList | undefined;
  #isSignIn: boolean;
  #contact: Contact | undefined;
  #queue: OutboxList | undefined;
  #language: LanguageTag = chosenLanguage();

  constructor() {
    super();
    const { session, workflow, isSignIn } = readLink();
    this.session = session;
    this.#isSignIn = isSignIn;
    this.place = workflow ? { screen: "step", workflowId: workflow } : firstPlace();
    this.said = "";
    this.undelivered = 0;
    this.asksToSend = false;
    this.others = [];
    this.credentialTypes = [];
    this.isFirstTime = false;
  }

  /** To be called before it is shown: while a phone draws the frame for the first time, its disk can read. */
  async start(): Promise<void> {
    this.messages = await useLanguage(this.#language);
    addEventListener("popstate", () => this.#show(placeOf(location.hash)));
    // A link with a sign-in, followed while the page is open, begins anew.
    addEventListener("hashchange", () => (isLink() ? location.reload() : this.#show(placeOf(location.hash))));
    this.addEventListener("sfluv-announce", event => this.#announce((event as CustomEvent<{ text: string }>).detail.text));
    go(this.place, "replace");
    void this.#use(this.session, this.#isSignIn);
    whenIdle(() => keepForOffline({ ready: use => (this.newVersion = use), offline: () => this.#announce(this.words.common.works_offline) }));
  }

  /** Opens the device's work of this session; a sign-in by hand does not send what waits without a word. */
  async #use(session: Session, byHand: boolean): Promise<void> {
    keepSession(session);
    this.session = session;
    this.#queue?.close();
    this.#proposalList?.close();
    this.#proposalList = this.proposals = undefined;
    await this.field?.close();
    this.field = undefined;
    this.isFirstTime = false;
    if (!isComplete(session)) return;
    this.#contact = this.#contactOf(session.apiBase);
    try {
      const field = await createField({
        apiBase: session.apiBase, account: session.account, headers: () => headersOf(this.session), transport: this.#contact,
        profile: session.profile, autoStart: false, retentionMs: keptRetentionDays() * 86_400_000,
      });
      this.trouble = undefined;
      this.#follow(field);
      this.asksToSend = byHand && this.undelivered > 0;
      this.field = field;
      this.#show(this.place);
      if (!this.asksToSend) this.#send(byHand);
      whenIdle(() => void this.#lookAround(field));
    } catch (error) {
      const words = error instanceof SfluvLoadError ? this.words.common.not_loaded : this.say(this.messages.unknown, { code: String(error) });
      this.trouble = html`<div class="notice bad stack close" role="alert"><p>${words}</p>
        <div><button type="button" class="plain small" @click=${() => location.reload()}>${this.words.common.try_again}</button></div></div>`;
    }
  }

  /** What no screen has to wait for. */
  async #lookAround(field: Field): Promise<void> {
    if (this.field !== field) return;
    const isUntouched = this.#queue?.state.rows.length === 0 && (await field.drafts.list()).length === 0;
    const others = await field.otherAccounts();
    if (this.field !== field) return;
    this.isFirstTime = isUntouched && !kept("noInstall");
    this.others = others.filter(({ undelivered }) => undelivered > 0);
    const isToAsk = this.session.token !== "" && kept("proposes")?.[accountKey(field)] !== false;
    if (isToAsk) this.#followProposals(field);
  }

  #isAboutProposals(): boolean {
    const { screen } = this.place;
    return screen === "proposals" || screen === "proposal" || screen === "ballot";
  }

  /** Asks once what this account may do besides; who neither proposes nor votes is not asked about again by itself. */
  #followProposals(field: Field): void {
    if (this.#proposalList) return;
    const list = proposalList(field);
    list.watch(() => {
      const { mayPropose, mayVote } = list.state;
      const proposes = mayPropose || mayVote ? true : mayPropose === false && mayVote === false ? false : undefined;
      const before = kept("proposes") ?? {};
      if (proposes !== undefined && before[accountKey(field)] !== proposes) keep("proposes", { ...before, [accountKey(field)]: proposes });
      this.proposals = list.state;
    });
    this.proposals = list.state;
    this.#proposalList = list;
  }

  #contactOf(apiBase: string): Contact {
    const contact = contactOf(webTransport(), kept("heard")?.[apiBase] ?? null);
    contact.watch(() => {
      const { heardMs } = contact.state;
      const before = kept("heard")?.[apiBase] ?? 0;
      if (heardMs !== null && heardMs - before > heardStepMs) keep("heard", { ...kept("heard"), [apiBase]: heardMs });
    });
    return contact;
  }

  #follow(field: Field): void {
    const queue = outboxList(field);
    const look = () => {
      this.undelivered = queue.state.status.undelivered;
      showBadge(this.undelivered);
      if (queue.state.rows.some(({ isBusy }) => isBusy)) this.asksToSend = false;
      if (queue.state.rows.length > 0) this.isFirstTime = false;
    };
    queue.watch(look);
    look();
    this.#queue = queue;
  }

  #announce(text: string): void {
    // The same words again must be a change, or they are not spoken.
    this.said = this.said === text ? `${text}\u00a0` : text;
  }

  /** What the screen needs of a field, whichever of the two is there first. */
  #show(place: Place): void {
    this.place = place;
    if (!this.field) return;
    if (this.#isAboutProposals()) this.#followProposals(this.field);
    if (place.screen === "credentials") void contextOf(this.field).then(({ credential_types }) => (this.credentialTypes = credential_types));
  }

  #go(place: Place, how: "push" | "replace" = "push"): void {
    go(place, how);
    this.#show(place);
    scrollTo(0, 0);
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("main")?.focus({ preventScroll: true }));
  }

  #connect(connection: Connection): void {
    void this.#use(withAccount({ ...connection, account: this.session.account }), true).then(() => {
      if (this.place.screen === "more") this.#go({ screen: "work" });
    });
  }

  protected override render() {
    const back = placeBefore(this.place);
    const backTitle = back === "proposals" ? this.words.proposals.title : back && this.words.navigation[back];
    return html`
      <a class="skip button" href="#main" @click=${(event: Event) => (event.preventDefault(), this.renderRoot.querySelector<HTMLElement>("main")?.focus())}>${this.words.common.skip}</a>
      <header>
        ${back ? html`<button type="button" class="quiet-button" @click=${() => this.#go({ screen: back })}>${icons.backIcon} ${backTitle}</button>`
          : html`<h1 class="brand">${this.words.common.app}</h1>`}
        <sfluv-contact .messages=${this.messages} .controller=${this.#contact}></sfluv-contact>
      </header>
      <main id="main" tabindex="-1">
        ${this.trouble ?? nothing}${this.#notices()}
        ${this.#screen()}
      </main>
      ${back ? nothing : this.#tabs()}
      <div id="live" class="unseen" role="status" aria-live="polite">${this.said}</div>`;
  }

  #notices(): TemplateResult {
    const { common, session: words } = this.words;
    const { field } = this;
    return html`
      ${field?.storageIssue ? html`<div class="notice bad" role="alert">${this.say(words.cannot_keep, { sentence: this.sentence(field.storageIssue) })}</div>` : nothing}
      ${this.asksToSend ? html`<div class="notice stack close" id="send-now"><p>${this.say(words.send_now, { count: this.undelivered })}</p>
        <div class="row"><button type="button" class="small" @click=${() => this.#send(true)}>${words.send_now_yes}</button>
        <button type="button" class="plain small" @click=${() => (this.asksToSend = false)}>${words.send_now_no}</button></div></div>` : nothing}
      ${this.newVersion ? html`<div class="notice stack close" id="update"><p>${common.new_version}</p>
        ${this.place.screen === "step" || this.place.screen === "proposal" ? html`<p class="quiet">${common.new_version_later}</p>`
          : html`<div><button type="button" class="plain small" @click=${() => this.newVersion?.()}>${common.use_new_version}</button></div>`}</div>` : nothing}
      ${field ? html`<sfluv-session .messages=${this.messages} .controller=${this.#contact} .signedOut=${this.session.token === ""}
        @sfluv-sign-in=${() => this.#go({ screen: "more" })} @sfluv-go-on=${() => this.#goOn()}></sfluv-session>` : nothing}
      ${this.isFirstTime && (this.place.screen === "work" || this.place.screen === "step") ? html`<sfluv-install .messages=${this.messages} .undelivered=${this.undelivered}
        @sfluv-install-later=${() => this.#installLater()}></sfluv-install>` : nothing}`;
  }

  #installLater(): void {
    keep("noInstall", true);
    this.isFirstTime = false;
  }

  /** The person has dealt with what the server or the network wanted. */
  #goOn(): void {
    this.#contact?.forget();
    this.field?.outbox.signedIn();
    void this.#queue?.retryAll();
  }

  #send(isSignIn: boolean): void {
    this.asksToSend = false;
    if (isSignIn) this.field?.outbox.signedIn();
    this.field?.outbox.start();
  }

  #screen(): TemplateResult | typeof nothing {
    const { field, place, messages } = this;
    if (place.screen === "more" || (!field && !isComplete(this.session))) return this.#more();
    if (!field) return nothing;
    if (place.screen === "work") {
      return html`<h2>${this.words.work.title}</h2><sfluv-work-list .messages=${messages} .field=${field}
        @sfluv-open-step=${(event: CustomEvent<DraftPlace>) => this.#go({ screen: "step", ...event.detail })}></sfluv-work-list>
        ${this.#proposalsDoor()}`;
    }
    if (this.#isAboutProposals()) {
      return html`<field-proposals .messages=${messages} .field=${field} .place=${place} .list=${this.#proposalList}
        @sfluv-go=${(event: CustomEvent<Place & { how: "push" | "replace" }>) => this.#goFrom(event.detail)}></field-proposals>`;
    }
    if (place.screen === "credentials") {
      return html`<h2>${this.words.credentials.title}</h2><sfluv-credentials .messages=${messages} .field=${field} .types=${this.credentialTypes}></sfluv-credentials>`;
    }
    if (place.screen === "rewards") return html`<h2>${this.words.rewards.title}</h2><sfluv-rewards-account .messages=${messages} .field=${field}></sfluv-rewards-account>`;
    if (place.screen === "pay") return html`<h2>${this.words.pay.title}</h2><sfluv-pay .messages=${messages} .field=${field}></sfluv-pay>`;
    if (place.screen === "absences") return html`<h2>${this.words.absence.title}</h2><sfluv-absences .messages=${messages} .field=${field}></sfluv-absences>`;
    if (place.screen === "outbox") {
      return html`<h2>${this.words.outbox.title}</h2><sfluv-outbox .messages=${messages} .field=${field}
        @sfluv-edit=${(event: CustomEvent<DraftPlace>) => this.#go({ screen: "step", ...event.detail })}
        @sfluv-open-receipt=${(event: CustomEvent<{ id: string }>) => this.#go({ screen: "receipt", id: event.detail.id })}></sfluv-outbox>`;
    }
    if (place.screen === "receipt") {
      const record = field.outbox.records().find(({ id }) => id === place.id);
      return html`<h2>${this.words.receipt.title}</h2><sfluv-receipt .messages=${messages} .record=${record} .account=${field.account}></sfluv-receipt>`;
    }
    if (place.screen === "step") {
      return html`<sfluv-step .messages=${messages} .field=${field} .workflowId=${place.workflowId} .stepId=${place.stepId}
        @sfluv-step-shown=${(event: CustomEvent<{ stepId: string }>) => go({ ...place, stepId: event.detail.stepId }, "replace")}
        @sfluv-step-chosen=${(event: CustomEvent<{ stepId: string }>) => this.#go({ ...place, stepId: event.detail.stepId })}
        @sfluv-edit=${(event: CustomEvent<DraftPlace>) => this.#go({ screen: "step", ...event.detail })}
        @sfluv-open-receipt=${(event: CustomEvent<{ id: string }>) => this.#go({ screen: "receipt", id: event.detail.id })}
        @sfluv-open-outbox=${() => this.#go({ screen: "outbox" })}></sfluv-step>`;
    }
    return nothing;
  }

  #goFrom({ how, ...place }: Place & { how: "push" | "replace" }): void {
    this.#go(place, how);
  }

  /** For who proposes or votes: with the work, since it is some. */
  #proposalsDoor(): TemplateResult | typeof nothing {
    const { proposals: state } = this;
    if (!state?.mayPropose && !state?.mayVote) return nothing;
    const { proposals: words } = this.words;
    const open = state.rows.filter(({ group, votes }) => group === "open" && !votes?.my_decision).length;
    const begun = state.rows.filter(({ group }) => group === "begun").length;
    return html`<h3>${words.title}</h3><button type="button" class="door" @click=${() => this.#go({ screen: "proposals" })}>
      <span><strong>${words.door}</strong>
        ${open > 0 ? html`<span>${this.say(words.to_vote, { count: open })}</span>` : begun > 0 ? html`<span class="quiet">${words.begun_here}</span>` : nothing}</span>
      ${icons.nextIcon}</button>`;
  }

  #more(): TemplateResult {
    return html`<h2>${this.words.navigation.more}</h2>
      <field-settings .messages=${this.messages} .field=${this.field} .session=${this.session} .others=${this.others} .undelivered=${this.undelivered}
        @sfluv-connect=${(event: CustomEvent<Connection>) => this.#connect(event.detail)}
        @sfluv-sign-out=${() => void this.#signOut()}
        @sfluv-go=${(event: CustomEvent<Place>) => this.#go(event.detail)}
        @sfluv-reopen=${() => void this.#use(this.session, false)}
        @sfluv-speak=${(event: CustomEvent<{ tag: LanguageTag }>) => void this.#speak(event.detail.tag)}></field-settings>`;
  }

  /** What waits stays, locked, until this account signs in again. */
  async #signOut(): Promise<void> {
    await this.field?.signOut();
    await this.#use({ ...this.session, token: "" }, false);
  }

  async #speak(tag: LanguageTag): Promise<void> {
    this.messages = await useLanguage(tag);
    keep("language", tag);
  }

  #tabs(): TemplateResult {
    const { navigation } = this.words;
    const icon = { work: icons.workIcon, outbox: icons.outboxIcon, pay: icons.payIcon, more: icons.moreIcon };
    return html`<nav class="tabs" aria-label=${navigation.label}>${tabs.map(screen => html`
      <a href="#/${screen}" aria-current=${this.place.screen === screen ? "page" : nothing} @click=${(event: Event) => (event.preventDefault(), this.#go({ screen }))}>
        ${icon[screen]}<span>${navigation[screen]}</span>
        ${screen === "outbox" && this.undelivered > 0 ? html`<span class="badge">${this.figures.count(this.undelivered)}<span class="unseen"> ${this.words.navigation.not_sent}</span></span>` : nothing}
      </a>`)}</nav>`;
  }
}

