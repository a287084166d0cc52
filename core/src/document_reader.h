// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sfluv/json.h"

#include "document_members.h"

namespace sfluv {

/// Reads the members of the object that stands at `path` of a text. Absent and null leave what is
/// there; the first member of a wrong type is noted in `fields`.
class DocumentReader {
 public:
  DocumentReader(json::Fields& fields, const json::Value& object, std::string path)
      : fields_(fields), object_(object), path_(std::move(path)) {
    fields_.expect(object_, json::Kind::object, path_);
  }

  void operator()(const char* name, std::string& out) const;
  void operator()(const char* name, bool& out) const;
  void operator()(const char* name, std::int64_t& out) const;
  void operator()(const char* name, Amount& out) const;
  void operator()(const char* name, AspectRatio& out) const;
  void operator()(const char* name, Status<WorkflowStatus>& out) const;
  void operator()(const char* name, Status<StepStatus>& out) const;
  void operator()(const char* name, std::vector<std::string>& out) const;
  void operator()(const char* name, std::optional<std::string>& out) const;
  void operator()(const char* name, std::optional<std::int64_t>& out) const;

  template <class Document>
  void operator()(const char* name, std::optional<Document>& out) const {
    if (const json::Value* const value = fields_.object(object_, path_, name)) {
      members(DocumentReader{fields_, *value, pointer(path_, name)}, out.emplace());
    }
  }

  template <class Document>
  void operator()(const char* name, std::vector<Document>& out) const {
    for (const json::Value& element : fields_.array(object_, path_, name)) {
      const DocumentReader reader{fields_, element, pointer(pointer(path_, name), out.size())};
      members(reader, out.emplace_back());
    }
  }

  void unless_empty(const char* name, auto& out) const { (*this)(name, out); }

  /// The names of the members of an object that are true.
  void values_requiring_text(const char* name, WorkItem& item) const;

 private:
  json::Fields& fields_;
  const json::Value& object_;
  std::string path_;
};

}  // namespace sfluv
