// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/account.h"
#include "sfluv/participation.h"
#include "sfluv/series.h"

#include "scenario.h"

/// What a scenario begins with, and the names by which it speaks of it. Ids of what a setup makes
/// are their own symbols ("wf1", "wf1.step2", "wf1.step2.item1", "s1"); what came later has ids of
/// its own and is called by series and start ("s1@601200", "s1@601200.step1").
namespace sfluv::replay {

struct Person {
  std::string name;
  Account account;
  std::vector<std::string> credentials;
  bool has_wallet = true;
  account::Person self;  ///< what they may do about themselves; `credentials` are those above
  std::string proposer_status = "approved";
  std::string supervisor_status = "approved";
};

struct NewWorkflow {
  Workflow workflow;
  std::optional<std::int64_t> recurrence_end_at;
};

/// A photo that somebody uploaded ahead of the submission; its bytes do not matter.
struct StagedPhoto {
  std::string owner;
  SubmissionPhoto photo;
};

struct Setup {
  std::int64_t t0_s = 0;
  std::string payouts;  ///< how the faucet behaves: none, ok, insufficient, fail
  std::optional<Amount> unallocated_funds;
  std::vector<account::CredentialType> credential_types;
  std::vector<Person> people;
  std::vector<NewWorkflow> workflows;  ///< in the order in which they are created
  std::vector<StagedPhoto> staged_photos;
  std::vector<const json::Value*> edits;  ///< rows to change by hand at the end
};

/// Lives no longer than `setup`.
[[nodiscard]] Setup read_setup(const json::Value& setup);

/// How a recording calls this occurrence.
[[nodiscard]] std::string name_of(std::string_view workflow_id, std::string_view series_id,
                                  std::int64_t start_at, std::int64_t t0_s);

/// Symbol -> id of everything that has an id of its own.
[[nodiscard]] std::map<std::string, std::string> generated_ids(std::span<const Series> series,
                                                               std::int64_t t0_s);

/// The id that a symbol stands for: a known one, or the symbol itself. An occurrence that is not
/// there has an unknown id.
[[nodiscard]] std::string resolve(std::string_view symbol,
                                  const std::map<std::string, std::string>& ids);

/// The text with `{symbol}` replaced everywhere.
[[nodiscard]] std::string with_ids(std::string_view text,
                                   const std::map<std::string, std::string>& ids);

/// All workflows in the compact form of the recordings.
[[nodiscard]] State state_of(std::span<const Series> series, std::int64_t t0_s);

/// What a submission stored, in the form of the recordings; fresh photo ids are "<new>".
[[nodiscard]] std::string stored_json(const Submission& submission);

/// A workflow that was created, in the form of the recordings.
[[nodiscard]] std::string created_json(const Workflow& workflow);

/// How a vote stands, in the form of the recordings.
[[nodiscard]] std::string votes_json(const WorkflowVotes& votes, std::int64_t t0_s);

/// An absence in the form of the recordings.
[[nodiscard]] std::string absence_json(const Absence& absence, std::int64_t t0_s);

/// Changes a workflow, a step or a role by hand. The workflow that was changed, or nothing when no
/// row has this name, or not these members.
[[nodiscard]] std::optional<std::string> edit_row(std::span<Series> series, const std::string& name,
                                                  const json::Value& set,
                                                  const std::map<std::string, std::string>& ids);

}  // namespace sfluv::replay
