// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "sfluv/participation.h"

/// What all reviews are made of.
namespace sfluv {

Issue& refuse(Review& review, Code code, std::string path = {});

/// A fact that is missing decides only where nothing else has.
void lack(Review& review, Fact fact);

/// The workflow, or null and the reason in `review`.
[[nodiscard]] const Workflow* find_workflow(const Series& series, std::string_view workflow_id,
                                            Review& review);

}  // namespace sfluv
