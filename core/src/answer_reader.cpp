// SPDX-License-Identifier: MIT
#include "answer_reader.h"

#include "document_reader.h"

namespace sfluv {
namespace {

using json::Fields;
using json::Kind;
using json::Value;

template <class Document>
void read_elements(Fields& fields, const ListOf& list, std::vector<Document>& out) {
  for (const Value& element : list.elements) {
    const DocumentReader reader{fields, element, pointer(list.path, out.size())};
    members(reader, out.emplace_back());
  }
}

}  // namespace

ListOf list_of(Fields& fields, const Value& answer, std::string path, const char* name) {
  const Value* list = &answer;
  if (answer.kind == Kind::object) {
    if (answer.find(name) == nullptr) name = "items";
    if (const Value* const held = answer.find(name)) {
      list = held;
      path = pointer(path, name);
    }
  }
  fields.expect(*list, Kind::array, path);
  return {.elements = list->elements, .path = std::move(path)};
}

void read_into(WorkflowList& out, Fields& fields, const Value& answer, const std::string& path) {
  if (answer.find("id") != nullptr) {
    return members(DocumentReader{fields, answer, path}, out.workflows.emplace_back());
  }
  read_elements(fields, list_of(fields, answer, path, "workflows"), out.workflows);
  if (answer.kind != Kind::object) return;
  out.total = fields.optional_integer(answer, path, "total");
  if (answer.find("active_credentials") != nullptr) {
    out.active_credentials = fields.strings(answer, path, "active_credentials");
  }
}

void read_into(std::vector<Absence>& out, Fields& fields, const Value& answer,
               const std::string& path) {
  read_elements(fields, list_of(fields, answer, path, "absences"), out);
}

void read_into(AbsenceChange& out, Fields& fields, const Value& answer) {
  fields.require(answer, Kind::object);
  const Value* const absence = fields.object(answer, "", "absence");
  members(DocumentReader{fields, absence ? *absence : answer, absence ? "/absence" : ""},
          out.absence);
  out.released_count = fields.integer(answer, "", "released_count");
  out.skipped_count = fields.integer(answer, "", "skipped_count");
}

}  // namespace sfluv
