#pragma once

#include <fallline/landscape/slice.hpp>
#include <string>

namespace fallline::tool {

/// Prints a slice as `format` says.
void print_slice(const landscape::Slice& slice, const std::string& json, const std::string& format);

}  // namespace fallline::tool
