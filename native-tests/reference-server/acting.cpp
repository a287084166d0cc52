// SPDX-License-Identifier: MIT
#include "acting.h"

#include <algorithm>
#include <utility>

#include "entropy.h"
#include "keeping_up.h"
#include "payments.h"

namespace sfluv::server {
namespace {

const engine::Complete* completion_in(const Deed& deed) {
  const auto* const action = std::get_if<engine::Action>(&deed.action);
  return action == nullptr ? nullptr : std::get_if<engine::Complete>(action);
}

ProposalContext proposal_context(Database& database, const User& user) {
  ProposalContext context{.proposer_id = user.id,
                          .proposer_is_known = user.proposer_status != "none",
                          .proposer_is_approved = user.proposer_status == "approved",
                          .supervisors = find_supervisors(database),
                          .credential_types = {},
                          .own_series = find_own_series(database, user.id)};
  for (const account::CredentialType& type : all_credential_types(database))
    context.credential_types.push_back(type.value);
  return context;
}

engine::Facts facts_for(const Services& services, Database& database, const User& user,
                        const Deed& deed, const Series& series) {
  engine::Facts facts{.caller = caller_from(user),
                      .profile = services.settings.profile(),
                      .limits = services.limits,
                      .has_payout_service = services.faucet.is_there(),
                      .new_ids = random_text()};
  if (!deed.step_id.empty()) facts.step_is_elsewhere = has_step(database, deed.step_id);
  if (const auto* const action = std::get_if<engine::ProposalAction>(&deed.action)) {
    facts.electorate = electorate_of(series, services, database, Onlooker::voter);
    if (std::holds_alternative<engine::Propose>(*action))
      facts.proposals = proposal_context(database, user);
  }
  if (completion_in(deed) == nullptr) return facts;
  facts.staged_photos = staged_photos_of(database, user.id, deed.step_id);
  if (!facts.profile.mails_assignee_only) facts.improvers = find_improvers(database);
  return facts;
}

// The photos of a new submission, in the order of its answers: inline ones have their bytes in the
// request, the others lie here already.
Outcome<void> store_photos(Database& database, const engine::Applied& applied, const Deed& deed) {
  const engine::Complete* const complete = completion_in(deed);
  if (complete == nullptr) return {};
  const auto bytes = completion_photo_bytes(deed.body, applied.photo_sources);
  if (!bytes) return std::unexpected(bytes.error());
  const Workflow& workflow = *applied.series.find(complete->step.workflow_id);
  std::int64_t position = 0;
  for (const ItemResponse& response :
       workflow.find_step(complete->step.step_id)->submission->item_responses) {
    for (const SubmissionPhoto& photo : response.photos) {
      const auto fresh = std::ranges::find(applied.photos, photo.id, &SubmissionPhoto::id);
      if (fresh == applied.photos.end()) {
        adopt_staged_photo(database, photo, position++);
      } else {
        const auto index = static_cast<std::size_t>(fresh - applied.photos.begin());
        add_photo(database, photo, position++, (*bytes)[index]);
      }
    }
  }
  return {};
}

std::expected<engine::Applied, engine::Refusal> change(Services& services, Database& database,
                                                       const User& user, const Deed& deed) {
  const Series stored = deed.find(database, deed.id).value_or(Series{});
  CaughtUp before = caught_up(stored, services, database);
  const engine::Facts facts = facts_for(services, database, user, deed, before.series);
  auto applied = std::visit(
      [&](const auto& action) {
        return engine::apply(before.series, facts, action, services.settings.now_s());
      },
      deed.action);
  if (!applied) return applied;
  add(before.delta, applied->delta);
  // What follows from a vote shows to whoever looks next: its own answer tells how it went.
  if (std::holds_alternative<engine::Action>(deed.action)) {
    CaughtUp after = caught_up(applied->series, services, database);
    applied->series = std::move(after.series);
    add(before.delta, after.delta);
  }
  store_changes(database, stored, applied->series, before.delta);
  if (const auto kept = store_photos(database, *applied, deed); !kept)
    return std::unexpected(engine::Refusal{kept.error()});
  return applied;
}

}  // namespace

Caller caller_from(const User& user) {
  return {.id = user.id,
          .name = user.name,
          .credentials = user.credentials,
          .is_admin = user.has(UserRole::admin)};
}

Account account_of(const User& user) {
  return {.is_active = user.is_active,
          .policy_accepted = user.policy_accepted,
          .is_improver = user.has(UserRole::improver),
          .is_proposer = user.has(UserRole::proposer),
          .is_voter = user.has(UserRole::voter),
          .is_supervisor = user.has(UserRole::supervisor),
          .is_admin = user.has(UserRole::admin)};
}

std::expected<Done, engine::Refusal> act(Services& services, const User& user, const Deed& deed) {
  std::optional<engine::Applied> applied;
  {
    auto database = services.databases.lease();
    Transaction transaction{*database, Transaction::Kind::write};
    auto changed = change(services, *database, user, deed);
    if (!changed) return std::unexpected(std::move(changed.error()));
    transaction.commit();
    applied = *std::move(changed);
  }
  for (const engine::Mail& mail : applied->effects.mails) services.mailbox.send(mail);
  Done done{.series = std::move(applied->series),
            .counts = applied->counts,
            .absence = std::move(applied->absence),
            .created_id = std::move(applied->created_id)};
  if (applied->effects.payout) done.series = pay_what_is_due(services, done.series);
  return done;
}

}  // namespace sfluv::server
