// SPDX-License-Identifier: MIT
#include "document_reader.h"

namespace sfluv {

void DocumentReader::operator()(const char* name, std::string& out) const {
  out = fields_.string(object_, path_, name);
}

void DocumentReader::operator()(const char* name, bool& out) const {
  out = fields_.boolean(object_, path_, name);
}

void DocumentReader::operator()(const char* name, std::int64_t& out) const {
  out = fields_.integer(object_, path_, name, out);
}

void DocumentReader::operator()(const char* name, Amount& out) const {
  out = fields_.amount(object_, path_, name);
}

void DocumentReader::operator()(const char* name, AspectRatio& out) const {
  out = aspect_ratio_from(fields_.string(object_, path_, name));
}

void DocumentReader::operator()(const char* name, Status<WorkflowStatus>& out) const {
  out = workflow_status_from(fields_.string(object_, path_, name));
}

void DocumentReader::operator()(const char* name, Status<StepStatus>& out) const {
  out = step_status_from(fields_.string(object_, path_, name));
}

void DocumentReader::operator()(const char* name, std::vector<std::string>& out) const {
  out = fields_.strings(object_, path_, name);
}

void DocumentReader::operator()(const char* name, std::optional<std::string>& out) const {
  out = fields_.optional_string(object_, path_, name);
}

void DocumentReader::operator()(const char* name, std::optional<std::int64_t>& out) const {
  out = fields_.optional_integer(object_, path_, name);
}

void DocumentReader::values_requiring_text(const char* name, WorkItem& item) const {
  const json::Value* const map = fields_.object(object_, path_, name);
  if (map == nullptr) return;
  const std::string here = pointer(path_, name);
  for (const json::Member& member : map->members) {
    if (fields_.boolean(*map, here, member.name)) item.values_requiring_text.push_back(member.name);
  }
}

}  // namespace sfluv
