#pragma once

#include <fallline/schedule/moment.hpp>

namespace fallline::schedule {

/// One rate all along:  α = α0.
struct Constant {
  double operator()(double base, const Moment& /*now*/) const { return base; }
};

}  // namespace fallline::schedule
