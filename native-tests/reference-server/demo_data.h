// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "database.h"
#include "store.h"

namespace sfluv::server {

/// Jane Smith and the others of the documents, and who else a test needs.
[[nodiscard]] std::vector<User> demo_users();

/// The documents' "Weekly Park Cleanup", made doable. Number 1 has the documents' own ids, number n
/// is "workflow_demo_n" with ids of its own.
[[nodiscard]] Workflow demo_workflow(std::int64_t number, std::int64_t now_s);

/// Adds what is not there yet of the users and of workflows 1 to `workflows`; gives the ids of the
/// workflows. One transaction.
std::vector<std::string> add_demo_data(Database& database, std::int64_t workflows,
                                       std::int64_t now_s);

}  // namespace sfluv::server
