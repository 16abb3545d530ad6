#pragma once

#include <fallline/loss/loss.hpp>

namespace fallline::test {

inline constexpr LossKind every_loss[] = {LossKind::softmax, LossKind::hinge,
                                          LossKind::squared_hinge};

}  // namespace fallline::test
