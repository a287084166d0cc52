// SPDX-License-Identifier: MIT
// Mistakes that somebody could make in the queue's core, each with the tests of which one must see it; with
// `explorer` the exploration of these options must see it by itself as well. `from` stands in core/`file`
// exactly once; a mutant that does not fit the source any more fails.

const onePage = "--pages 1 --attempts 2 --copies 1 --taps 0";
const aTap = "--pages 1 --attempts 2 --copies 1 --taps 1";
const twoPages = "--pages 2 --attempts 2 --copies 1 --taps 0";
const staged = "--server live --pages 1 --attempts 1 --copies 1 --taps 0";

export const mutants = [
  // What keeps an effect from being asked for twice.
  {
    name: "resend-on-400", file: "src/outbox.cpp", tests: "Outbox.*:*/EveryAnswer*", explorer: onePage,
    from: "  attempt_ended(Why::server_error, quiet_ms, look_ms);", to: "  send();",
  },
  {
    name: "resend-at-the-first-open-reading", file: "src/outbox.cpp", tests: "Outbox.*", explorer: onePage,
    from: "constexpr std::uint32_t open_readings_needed = 2;", to: "constexpr std::uint32_t open_readings_needed = 1;",
  },
  {
    name: "drop-the-quiet-period", file: "src/outbox.cpp", tests: "Outbox.*", explorer: onePage,
    from: "r_.reading_counts = now_ >= r_.quiet_until_ms;", to: "r_.reading_counts = true;",
  },
  {
    name: "look-twice-at-once", file: "src/outbox.cpp", tests: "Outbox.*:OutboxSimulation.HoldsItsInvariants", explorer: aTap,
    from: "  r_.quiet_until_ms = now_ + second_look_ms;\n", to: "  r_.quiet_until_ms = now_;\n",
  },
  {
    name: "skip-the-persist", file: "src/outbox.cpp", tests: "Outbox.*", explorer: onePage,
    from: "  enter(State::sending, Why::none);\n", to: "  enter(State::sending, Why::none);\n  effects_.emplace_back(send_of(r_));\n",
  },
  {
    name: "send-after-an-older-persist", file: "src/outbox.cpp", tests: "Outbox.*",
    from: "if (r_.pending != Pending::store || stored.token != r_.revision) return;", to: "if (r_.pending != Pending::store) return;",
  },
  {
    name: "send-after-a-late-acknowledgement", file: "src/outbox.cpp", tests: "OutboxPauses.*", explorer: twoPages,
    from: "if (observed_ms() > stored_late_ms)", to: "if (false)",
  },
  {
    name: "resend-after-a-takeover", file: "src/outbox.cpp", tests: "Outbox.*", explorer: onePage,
    from: "if (r_.state == State::sending) return attempt_torn(Why::interrupted, 0, body_bytes_max);",
    to: "if (r_.state == State::sending) return unsend(), wait(State::waiting, Why::interrupted, 0);",
  },
  {
    name: "call-an-abort-unsent", file: "src/outbox.cpp", tests: "Outbox.*", explorer: onePage,
    from: "  if (!unreachable.is_unsent)\n", to: "  if (false)\n",
  },
  {
    name: "forget-what-may-still-be-on-the-wire", file: "src/outbox.cpp", tests: "Outbox.*",
    from: "std::max(quiet_min_ms, 2 * observed_ms) + drain_ms;", to: "quiet_min_ms;",
  },
  {
    name: "import-and-send-at-once", file: "src/outbox_seal.cpp", tests: "OutboxLife.*",
    from: "  record.attempts = std::max(record.attempts, 1u);\n", to: "",
  },

  // What keeps a verdict from being false.
  {
    name: "resolve-on-request-success", file: "src/outbox.cpp", tests: "Outbox.*:*/EveryAnswer*", explorer: onePage,
    from: "is_success(status) ? read_evidence(r_.content, Op::send, answered.body) : Reading{};", to: "is_success(status) ? Reading{.seen = Sight::done} : Reading{};",
  },
  {
    name: "believe-a-400", file: "src/outbox.cpp", tests: "Outbox.*:*/EveryAnswer*", explorer: onePage,
    from: "  r_.denials = 0;\n  r_.refusal = refusal_of(status);\n",
    to: "  r_.denials = 0;\n  r_.refusal = refusal_of(status);\n  if (status == 400) return settle(State::needs_fix, Why::rejected);\n",
  },
  {
    name: "confirm-a-refusal-too-early", file: "src/outbox.cpp", tests: "Outbox.*:*/EveryAnswer*",
    from: "  if (!r_.reading_counts)\n", to: "  if (!r_.reading_counts && r_.refusal == Refusal::none)\n",
  },
  {
    name: "deliver-other-words", file: "src/outbox_evidence.cpp", tests: "OutboxEvidence.*", explorer: onePage,
    from: "if (!evidence) return saw(Sight::mismatch);", to: "if (!evidence) return {.seen = Sight::done, .evidence = Evidence::medium, .submission_id = {}};",
  },
  { name: "believe-numbers-without-a-probe", file: "src/outbox.cpp", tests: "OutboxEvidence.*", from: "const bool was_open_before_us = r_.probed_open && r_.attempts > 0;", to: "const bool was_open_before_us = true;" },
  { name: "believe-a-name-without-its-size", file: "src/outbox_evidence.cpp", tests: "OutboxEvidence.*", from: "theirs.emplace_back(photo.file_name, photo.size_bytes);", to: "theirs.emplace_back(photo.file_name, 4);" },
  { name: "believe-what-others-closed", file: "src/outbox_evidence.cpp", tests: "OutboxEvidence.*", from: "if (content.account.empty() || may_be_closed_by_others(workflow, step))", to: "if (content.account.empty())" },
  { name: "deliver-somebody-else's", file: "src/outbox_evidence.cpp", tests: "OutboxEvidence.*", from: "submission.improver_id != content.account) {", to: "false) {" },
  { name: "call-a-lost-session-a-refusal", file: "src/outbox.cpp", tests: "OutboxPauses.*", from: "const bool is_wordless = answered.status == 403 && text::is_blank(answered.body);", to: "const bool is_wordless = false;" },
  { name: "call-a-wanted-policy-a-lost-session", file: "src/outbox.cpp", tests: "OutboxPauses.*", from: 'if (answered.auth_reason == "privacy-policy-required") return Why::policy;\n', to: "" },
  { name: "call-it-lost-while-it-is-locked", file: "src/outbox.cpp", tests: "Outbox.*", from: "  if (is_locked) r_.refusal = Refusal::none;\n", to: "" },

  // What keeps work from being lost, or stuck.
  {
    name: "stay-where-the-store-failed", file: "src/outbox.cpp", tests: "Outbox.*", explorer: onePage,
    from: "  if (is_under_way(r_.state)) {\n    r_.state = r_.state == State::reconciling", to: "  if (false) {\n    r_.state = r_.state == State::reconciling",
  },
  {
    name: "wait-for-ever", file: "src/outbox.cpp", tests: "Outbox.*", explorer: onePage,
    from: "  r_.due_ms = now_ + wait_ms;", to: "  r_.due_ms = 0;",
  },
  { name: "count-what-was-not-stored", file: "src/outbox.cpp", tests: "Outbox.*", from: "  if (r_.state == State::sending) unsend();\n  if (is_under_way", to: "  if (is_under_way" },
  { name: "forget-a-result-that-was-not-stored", file: "src/outbox.cpp", tests: "Outbox*", from: "r_.pending = is_settled(r_.state) ? Pending::rewrite : Pending::nothing;", to: "r_.pending = Pending::nothing;" },
  { name: "seal-it-twice", file: "src/outbox_schedule.cpp", tests: "OutboxChains.*", from: "    if (is_twin) return s.index;\n", to: "" },
  { name: "wait-for-what-is-gone", file: "src/outbox.cpp", tests: "Outbox.*", from: "    in_contact();\n    return settle(State::needs_user, Why::gone);", to: "    return asking_failed(Why::server_error);" },
  { name: "prune-before-the-receipt", file: "src/outbox_life.cpp", tests: "OutboxLife.*", from: "    default: return record.state == State::delivered;", to: "    default: return !is_given_up;" },
  { name: "remove-photos-before-it-is-stored", file: "src/outbox_life.cpp", tests: "OutboxLife.*", from: "  if (r_.state == State::discarded) r_.content.answers.clear();\n", to: "  if (r_.state == State::discarded) r_.content.answers.clear();\n  remove_photos();\n" },
  { name: "discard-for-good", file: "src/outbox_life.cpp", tests: "OutboxLife.*", from: "  return {record.settled_ms + undo_ms, undo_ms};", to: "  return {record.settled_ms, 0};" },
  { name: "give-up-what-is-on-its-way", file: "src/outbox_schedule.cpp", tests: "OutboxLife.*", from: "return record.attempts > 0 && record.quiet_until_ms != 0;", to: "return false;" },
  { name: "believe-the-clock", file: "src/outbox.cpp", tests: "Outbox.*", from: "  if (r_.due_ms != 0 && due.is_too_far(now_)) {", to: "  if (false) {" },
  { name: "believe-a-flipped-bit", file: "src/outbox_bytes.cpp", tests: "OutboxRecord.*", from: '  if (in.u32() != checksum(bytes)) return damaged("checksum");', to: "  (void)in.u32();" },
  { name: "send-photos-that-are-gone", file: "src/outbox.cpp", tests: "OutboxLife.*", from: "  settle(State::quarantined, lost.is_damaged ? Why::photo_damaged : Why::photo_missing);", to: "  wait(State::waiting, Why::unreachable, 0);" },

  {
    name: "stage-before-it-is-stored", file: "src/outbox.cpp", tests: "OutboxStaging.*", explorer: staged,
    from: "  enter(State::staging, Why::none);\n", to: "  enter(State::staging, Why::none);\n  effects_.emplace_back(stage_of(r_));\n",
  },
  {
    name: "send-without-a-photo", file: "src/outbox.cpp", tests: "OutboxStaging.*", explorer: staged,
    from: "      return has_photo_to_stage(r_) ? stage() : send();", to: "      return send();",
  },
  { name: "call-a-missing-path-a-fault", file: "src/outbox.cpp", tests: "OutboxStaging.*", from: "  if (status == 404 || status == 405) return asking_failed(Why::no_staging);\n", to: "" },
  { name: "stage-and-send-at-once", file: "src/outbox.cpp", tests: "OutboxStaging.*", from: "  has_photo_to_stage(r_) ? stage() : ask();", to: "  has_photo_to_stage(r_) ? stage() : send();" },
  { name: "call-a-piece-the-whole", file: "src/outbox.cpp", tests: "OutboxStaging.*", from: "const bool is_odd = !staged.is_readable || (is_last && staged.photo_id.empty());", to: "const bool is_odd = !staged.is_readable;" },
  { name: "stage-the-photos-of-before", file: "src/outbox_seal.cpp", tests: "OutboxStaging.*", from: "  record.staged.clear();\n", to: "" },

  // What keeps order.
  { name: "ignore-the-chain", file: "src/outbox_schedule.cpp", tests: "OutboxChains.*:OutboxSimulation.HoldsItsInvariants", from: "    if (needs_server && s.is_behind) {", to: "    if (false) {" },
  { name: "ignore-the-pause", file: "src/outbox_queue.cpp", tests: "OutboxPauses.*", from: "  if (const Why held = held_by(queue.holds); held != Why::none) return held;\n", to: "" },
  { name: "storm-a-busy-server", file: "src/outbox.cpp", tests: "OutboxPauses.*", from: "  q_.until_ms = now_ + q_.wait_ms;\n", to: "" },
  { name: "come-back-all-together", file: "src/outbox.cpp", tests: "Outbox.*", from: "return std::max(backoff_floor_ms, jittered_ms);", to: "return std::max(backoff_floor_ms, most_ms);" },
  { name: "oldest-before-soonest-deadline", file: "src/outbox_schedule.cpp", tests: "OutboxNext.*", from: "std::int64_t first = is_in_time ? s.deadline_ms : never;", to: "std::int64_t first = never;" },
  { name: "ignore-the-epoch", file: "src/outbox_queue.cpp", tests: "OutboxLease.*", from: "if (lease.epoch != epoch || !std::ranges::equal(lease.owner, owner)) return std::nullopt;", to: "if (!std::ranges::equal(lease.owner, owner)) return std::nullopt;" },
  { name: "rob-a-living-page", file: "src/outbox_queue.cpp", tests: "OutboxLease.*", from: "const bool is_free = is_alone || ", to: "const bool is_free = true || " },
  { name: "drive-for-another-account", file: "src/outbox_schedule.cpp", tests: "OutboxNext.*", from: "    if (s.owner != owner) {", to: "    if (false) {" },
];
