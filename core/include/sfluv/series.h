// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/profile.h"
#include "sfluv/workflow.h"

/// A recurring job as a whole. A single workflow is a series of one occurrence (`one_time`).
namespace sfluv {

/// Who takes a step of the occurrences to come: the last one who claimed it (rulebook C3, Effect).
struct RememberedClaim {
  std::int64_t step_order = 0;
  std::string improver_id;
  std::string improver_name;

  bool operator==(const RememberedClaim&) const = default;
};

/// Seed 000 "absence periods": occurrences that start in [absent_from, absent_until) are not mine.
struct Absence {
  std::string id;
  std::string improver_id;
  std::string series_id;
  std::int64_t step_order = 0;
  std::int64_t absent_from = 0;
  std::int64_t absent_until = 0;
  std::int64_t created_at = 0;
  std::int64_t updated_at = 0;

  [[nodiscard]] bool covers(std::int64_t start_at) const {
    return start_at >= absent_from && start_at < absent_until;
  }
};

/// How somebody votes (rulebook C8).
enum class Choice : std::uint8_t { approve, deny };

[[nodiscard]] std::string_view to_string(Choice choice);

/// A vote about a workflow, or about the deletion proposal of this id. Whoever votes again changes
/// it.
struct Ballot {
  std::string subject_id;
  std::string voter_id;
  Choice choice{};
  std::int64_t cast_at = 0;
};

/// A wish that approved work be deleted, which is voted about as well (rulebook C8). Statuses:
/// pending, approved, denied, expired.
struct DeletionProposal {
  std::string id;
  std::string workflow_id;  ///< empty: the whole series
  std::string requested_by_user_id;
  std::string reason;
  std::string status = "pending";
  VoteState vote;
  std::int64_t created_at = 0;
  std::int64_t updated_at = 0;
};

struct Series {
  std::string id;
  std::string recurrence;                         ///< of the current definition
  std::optional<std::int64_t> recurrence_end_at;  ///< live: no occurrence starts later
  /// As it was approved: what a successor is made of. A client has none; the occurrence before
  /// stands in for it.
  std::optional<Workflow> definition;
  std::vector<Workflow> occurrences;
  std::vector<RememberedClaim> claims;
  std::vector<Absence> absences;
  std::vector<Ballot> ballots;
  std::vector<DeletionProposal> deletions;

  /// A server knows all there is. A client knows what it has read, and says so here.
  bool occurrences_are_known = true;
  bool absences_are_known = true;

  [[nodiscard]] bool is_recurring() const;
  [[nodiscard]] const Workflow* find(std::string_view workflow_id) const;
  [[nodiscard]] Workflow* find(std::string_view workflow_id);
  [[nodiscard]] const Absence* find_absence(std::string_view absence_id) const;
  [[nodiscard]] bool is_absent(std::string_view improver_id, std::int64_t step_order,
                               std::int64_t start_at) const;
};

/// What a device has read, in the order of reading, sorted into series. Of several documents of one
/// workflow the last one counts; a card (`is_card`) only adds its status to a whole document. There
/// may always be occurrences that were never read. Without `absences` those are not known either.
[[nodiscard]] std::vector<Series> series_from(std::vector<Workflow> read,
                                              const std::optional<std::vector<Absence>>& absences);

/// Names for what comes into being: the owner passes random text, so that the core needs no chance.
struct IdSource {
  std::string entropy;
  std::uint64_t used = 0;

  /// "workflow_" + entropy, then "step_" + entropy + "_1" and so on.
  [[nodiscard]] std::string next(std::string_view kind);
};

/// Which workflows differ from before, for a store that keeps rows.
struct Delta {
  std::vector<std::string> changed;  ///< new ones included
  std::vector<std::string> removed;
  bool definition = false;  ///< what the series' successors are made of is new
  bool votes = false;       ///< ballots or deletion proposals differ
};

/// Stamps a workflow that is about to change, and notes it.
void touch(Workflow& workflow, std::int64_t now_s, Delta& delta);

struct CaughtUp {
  Series series;
  Delta delta;
};

/// What has become due since somebody last looked (rulebook C2, C7): nobody runs a clock. Elapsed
/// occurrences are skipped (live), successors made, waiting ones let go, first steps unlocked.
[[nodiscard]] CaughtUp catch_up(Series series, const Profile& profile, std::int64_t now_s,
                                IdSource ids);

/// The next occurrence after `finished`, made if it is due, with remembered claims applied
/// (rulebook C7.2). Its id, or nothing.
std::optional<std::string> ensure_successor(Series& series, std::string_view finished_id,
                                            const Profile& profile, std::int64_t now_s,
                                            IdSource& ids, Delta& delta);

/// Gives the one who claimed the free steps of this order in the occurrences that start at `from_s`
/// or later, as far as nothing speaks against it (rulebook C3, Effect).
void assign_remembered(Series& series, const RememberedClaim& claim, std::int64_t from_s,
                       std::int64_t now_s, Delta& delta);

/// The orders of all steps that share the role of this one: the bundle (rulebook C6).
[[nodiscard]] std::vector<std::int64_t> orders_of_role(const Series& series,
                                                       std::int64_t step_order);

/// Does `workflow` have to wait for this earlier occurrence? Documented is its payout (seed 002
/// `blocked`); the live system lets go as soon as it is finished (rulebook C7.5).
[[nodiscard]] bool holds_back(const Workflow& earlier, const Profile& profile);

/// From this second on, work on the occurrence may be lost: its successor's time has come (rulebook
/// C7.3). Shown in both profiles. Nothing for one_time.
[[nodiscard]] std::optional<std::int64_t> deadline_s(const Series& series,
                                                     const Workflow& workflow);

/// The same for somebody who knows this one document only.
[[nodiscard]] std::optional<std::int64_t> deadline_s(const Workflow& workflow);

/// May step 1 open (start time reached), may step n (step n-1 done)? Rulebook C2.
[[nodiscard]] bool may_unlock(const Workflow& workflow, const Step& step, std::int64_t now_s);

/// Opens step 1 if its time has come. False when there is nothing to open.
[[nodiscard]] bool unlock_first_step(Workflow& workflow, std::int64_t now_s);

/// Completed or paid out.
[[nodiscard]] bool is_done(const Step& step);

/// Locked or available: nobody has begun it.
[[nodiscard]] bool is_open(const Step& step);

/// `approved`, `in_progress` or `blocked`: still to be worked on, now or later.
[[nodiscard]] bool is_ahead(const Workflow& workflow);

/// Does the caller hold a step of another role here? Then this one is not for them (rulebook C3).
[[nodiscard]] bool holds_other_role(const Workflow& workflow, const Step& step,
                                    std::string_view improver_id);

}  // namespace sfluv
