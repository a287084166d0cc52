// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sfluv/json_writer.h"
#include "sfluv/visibility.h"

#include "routes.h"

/// Lists of workflows: the documents' array, and the pages of the live system (rulebook C10, D).
namespace sfluv::server {

/// The series that has this occurrence; there must be one.
[[nodiscard]] const Series& series_in(const std::vector<Series>& all,
                                      const std::string& workflow_id);

/// [begin, end) of what is listed.
struct Page {
  std::size_t number = 0;
  std::size_t count = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// As `page` and `count` of the query ask for it; a page that there is not is the last one.
[[nodiscard]] Page page_of(const Visit& visit, std::size_t listed, std::size_t count_max);

/// `total`, `page` and `count` into the object that is open.
void write_page(JsonWriter& out, const Page& page, std::size_t total);

/// An array of whole workflows as this person gets to see them.
void write_workflows(JsonWriter& out, const Visit& visit, const Viewer& viewer,
                     const std::vector<Series>& all, std::span<const std::string> ids);
void answer_workflows(Visit& visit, const Viewer& viewer, const std::vector<Series>& all,
                      std::span<const std::string> ids);

}  // namespace sfluv::server
