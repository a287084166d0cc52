// SPDX-License-Identifier: MIT
#include "sfluv/answers.h"

#include "answer_reader.h"
#include "document_reader.h"

namespace sfluv {
namespace {

using json::Fields;
using json::Kind;
using json::Value;

// An array, or an object that holds one by that name or as `items`. Where the live system has
// nothing to list, it may say null.
template <class Document>
void read_list(Fields& fields, const Value& answer, std::string path, const char* name,
               std::vector<Document>& out) {
  const Value* list = &answer;
  if (answer.kind == Kind::object) {
    if (answer.find(name) == nullptr) name = "items";
    list = answer.find(name);
    if (list == nullptr) return fields.expect(answer, Kind::array, path);
    path = pointer(path, name);
  }
  fields.expect(*list, Kind::array, path);
  for (const Value& element : list->elements) {
    const DocumentReader reader{fields, element, pointer(path, out.size())};
    members(reader, out.emplace_back());
  }
}

template <class Document>
void read_object(Fields& fields, const Value& answer, const std::string& path, Document& out) {
  const DocumentReader reader{fields, answer, path};
  members(reader, out);
}

template <class Answer, class Read>
Outcome<Answer> read_answer(std::string_view json, Read&& read) {
  const auto root = json::parse(json, Code::document_not_readable);
  if (!root) return std::unexpected(root.error());
  Fields fields{Code::document_not_readable, Fields::Names::exact};
  Answer answer;
  read(fields, *root, answer);
  if (fields.failure()) return std::unexpected(*fields.failure());
  return answer;
}

template <class Document>
Outcome<Document> read_document(std::string_view json) {
  return read_answer<Document>(json, [](Fields& fields, const Value& root, Document& out) {
    fields.require(root, Kind::object);
    read_object(fields, root, "", out);
  });
}

}  // namespace

void read_into(WorkflowList& out, Fields& fields, const Value& answer, const std::string& path) {
  if (answer.find("id") != nullptr) {
    read_object(fields, answer, path, out.workflows.emplace_back());
    return;
  }
  read_list(fields, answer, path, "workflows", out.workflows);
  if (answer.kind != Kind::object) return;
  out.total = fields.optional_integer(answer, path, "total");
  if (answer.find("active_credentials") != nullptr) {
    out.active_credentials = fields.strings(answer, path, "active_credentials");
  }
}

void read_into(AbsenceList& out, Fields& fields, const Value& answer, const std::string& path) {
  read_list(fields, answer, path, "absences", out.absences);
}

Outcome<Workflow> read_workflow(std::string_view json) { return read_document<Workflow>(json); }

Outcome<WorkflowList> read_workflow_list(std::string_view json) {
  return read_answer<WorkflowList>(json, [](Fields& fields, const Value& root, WorkflowList& out) {
    read_into(out, fields, root, "");
  });
}

Outcome<AbsenceList> read_absence_list(std::string_view json) {
  return read_answer<AbsenceList>(json, [](Fields& fields, const Value& root, AbsenceList& out) {
    read_into(out, fields, root, "");
  });
}

Outcome<AbsenceChange> read_absence_change(std::string_view json) {
  return read_answer<AbsenceChange>(
      json, [](Fields& fields, const Value& root, AbsenceChange& out) {
        fields.require(root, Kind::object);
        const Value* const absence = fields.object(root, "", "absence");
        read_object(fields, absence ? *absence : root, absence ? "/absence" : "", out.absence);
        out.released_count = fields.integer(root, "", "released_count");
        out.skipped_count = fields.integer(root, "", "skipped_count");
      });
}

Outcome<UnclaimResult> read_unclaim_result(std::string_view json) {
  return read_document<UnclaimResult>(json);
}

Outcome<Improver> read_improver(std::string_view json) { return read_document<Improver>(json); }

Outcome<CredentialRequest> read_credential_request(std::string_view json) {
  return read_document<CredentialRequest>(json);
}

Outcome<CredentialRequestList> read_credential_request_list(std::string_view json) {
  return read_answer<CredentialRequestList>(
      json, [](Fields& fields, const Value& root, CredentialRequestList& out) {
        read_list(fields, root, "", "requests", out.requests);
      });
}

}  // namespace sfluv
