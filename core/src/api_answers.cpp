// SPDX-License-Identifier: MIT
#include <algorithm>
#include <iterator>
#include <span>

#include "sfluv/api_rules.h"
#include "sfluv/json_writer.h"

#include "answer_reader.h"
#include "document_reader.h"
#include "document_writer.h"

namespace sfluv::api {
namespace {

using json::Fields;
using json::Kind;
using json::Value;

// What the core makes of each kind of answer: the same again, typed.
void write_workflow(JsonWriter& out, Fields& fields, const Value& answer) {
  Workflow workflow;
  fields.require(answer, Kind::object);
  members(DocumentReader{fields, answer, ""}, workflow);
  DocumentWriter{out, AmountStyle::decimal_text}.object(workflow);
}

void write_workflows(JsonWriter& out, Fields& fields, const Value& answer) {
  WorkflowList list;
  read_into(list, fields, answer, "");
  const DocumentWriter documents{out, AmountStyle::decimal_text};
  out.begin_object();
  documents("workflows", list.workflows);
  if (list.active_credentials) documents("active_credentials", *list.active_credentials);
  documents("total", list.total);
  out.end_object();
}

void write_absences(JsonWriter& out, Fields& fields, const Value& answer) {
  std::vector<Absence> absences;
  read_into(absences, fields, answer, "");
  DocumentWriter{out, AmountStyle::decimal_text}.list(absences);
}

void write_absence_change(JsonWriter& out, Fields& fields, const Value& answer) {
  AbsenceChange change;
  read_into(change, fields, answer);
  const DocumentWriter documents{out, AmountStyle::decimal_text};
  out.begin_object();
  documents("absence", change.absence);
  documents("released_count", change.released_count);
  documents("skipped_count", change.skipped_count);
  out.end_object();
}

// Answers that no rule looks at: texts and counts, handed on with their types checked.
struct Member {
  const char* name = nullptr;
  Kind kind = Kind::string;
};

constexpr Member unclaim_members[] = {{"series_id"},
                                      {"step_order", Kind::number},
                                      {"released_count", Kind::number},
                                      {"skipped_count", Kind::number}};
constexpr Member improver_members[] = {
    {"user_id"}, {"first_name"}, {"last_name"}, {"email"}, {"primary_rewards_account"},
    {"status"},  {"created_at"}, {"updated_at"}};
constexpr Member credential_request_members[] = {{"id"},     {"user_id"},      {"credential_type"},
                                                 {"status"}, {"requested_at"}, {"resolved_at"}};

void write_plain(JsonWriter& out, Fields& fields, const Value& object, const std::string& path,
                 std::span<const Member> members) {
  fields.expect(object, Kind::object, path);
  out.begin_object();
  for (const Member& member : members) {
    out.key(member.name);
    if (member.kind == Kind::number) {
      out.number(fields.integer(object, path, member.name));
    } else {
      out.string(fields.string(object, path, member.name));
    }
  }
  out.end_object();
}

template <auto& members>
void write_one(JsonWriter& out, Fields& fields, const Value& answer) {
  fields.require(answer, Kind::object);
  write_plain(out, fields, answer, "", members);
}

void write_credential_requests(JsonWriter& out, Fields& fields, const Value& answer) {
  const ListOf list = list_of(fields, answer, "", "requests");
  std::size_t index = 0;
  out.begin_array();
  for (const Value& element : list.elements) {
    write_plain(out, fields, element, pointer(list.path, index++), credential_request_members);
  }
  out.end_array();
}

struct AnswerKind {
  std::string_view name;
  void (*write)(JsonWriter&, Fields&, const Value&) = nullptr;
};

constexpr AnswerKind kinds[] = {
    {"workflow", &write_workflow},
    {"workflows", &write_workflows},
    {"absences", &write_absences},
    {"absence_change", &write_absence_change},
    {"unclaim", &write_one<unclaim_members>},
    {"improver", &write_one<improver_members>},
    {"credential_request", &write_one<credential_request_members>},
    {"credential_requests", &write_credential_requests},
};

}  // namespace

std::string read_answer(std::string_view kind, std::string_view text) {
  Fields fields{Code::document_not_readable, Fields::Names::exact};
  const auto known = std::ranges::find(kinds, kind, &AnswerKind::name);
  if (known == std::end(kinds)) fields.refuse("", "a kind of answer");
  if (fields.failure()) return issue_reply(*fields.failure());
  const auto root = json::parse(text, Code::document_not_readable);
  if (!root) return issue_reply(root.error());
  JsonWriter out;
  out.begin_object().key("value");
  known->write(out, fields, *root);
  if (fields.failure()) return issue_reply(*fields.failure());
  out.end_object();
  return out.take();
}

}  // namespace sfluv::api
