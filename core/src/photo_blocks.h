// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "photo_scan_bytes.h"

/// From bits to coefficients: more than half of the time that a photo takes. What bounds it is a
/// chain of look up, shift, look up; so an entry of the table holds two coefficients where it can
/// (`AcCodes`), both are stored always, and the only question asked is "has the block ended?".
///
/// Blocks lie in lanes: coefficient i of eight blocks side by side is one vector, so that neither
/// pass of the inverse DCT transposes. A place that the picture needs not (the DCT is cut where it
/// is shrunk) is a dump behind the block.
namespace sfluv::photo {

inline constexpr std::size_t lanes = 8;

/// The coefficients of eight blocks, and the dump; all zero before a block is read.
struct BlockGroup {
  alignas(16) std::array<std::int16_t, (block_size + 1) * lanes> values{};
};

/// Where in a group each place of the zigzag goes, and those beyond the block that an entry of
/// `AcCodes` can reach.
using Places = std::array<std::uint16_t, AcCodes::places>;

/// Keeps the `points` x `points` lowest coefficients; none for 0.
[[nodiscard]] Places make_places(std::size_t points);

/// How one block of a unit is read. Of unit u in a run it is lane `lane[u]` of `groups + group[u]`.
struct BlockPlan {
  const DcCodes* dc = nullptr;
  const AcCodes* ac = nullptr;
  std::size_t component = 0;
  BlockGroup* groups = nullptr;
  const Places* places = nullptr;
  std::array<std::uint8_t, run_units> group{};
  std::array<std::uint8_t, run_units> lane{};
};

struct UnitPlan {
  std::size_t blocks = 0;
  std::array<BlockPlan, unit_blocks_max> block;
};

/// DC values of the blocks before, by component.
using Predictions = std::array<std::int16_t, 3>;

/// Reads the units `first` to `last` of a run. False where bits are no code, or a block has more
/// than 64 coefficients; past the end of the data it may say so or not (`ScanBytes::overrun`).
/// Reads at most `block_bytes_max` bytes a block.
[[nodiscard]] bool read_units(BitWindow& window, const UnitPlan& plan, std::size_t first,
                              std::size_t last, Predictions& predictions);

}  // namespace sfluv::photo
