// A film of 2 um over a ridge of 1 um, 10 um wide, in micrometres. Layers are physical surfaces
// called as in the case; the lower end is "base", the upper "counter", mirror planes need no group.
width = 10; ridge = 1; film = 2; top = 22;
n = 40;
For i In {0:n}
  Point(1 + i) = {width*i/n, ridge/2*(1 + Cos(Pi*i/n)), 0, 0.4};
  Point(101 + i) = {width*i/n, ridge/2*(1 + Cos(Pi*i/n)) + film, 0, 0.4};
EndFor
Point(201) = {0, top, 0, 3};
Point(202) = {width, top, 0, 3};
For i In {1:n}
  Line(i) = {i, 1 + i};
  Line(100 + i) = {100 + i, 101 + i};
EndFor
Line(201) = {1, 101};
Line(202) = {1 + n, 101 + n};
Line(203) = {101, 201};
Line(204) = {101 + n, 202};
Line(205) = {201, 202};
Curve Loop(1) = {1:n, 202, -(100 + n):-101, -201};
Curve Loop(2) = {101:100 + n, 204, -205, -203};
Plane Surface(1) = {1};
Plane Surface(2) = {2};
Physical Surface("titania") = {1};
Physical Surface("electrolyte") = {2};
Physical Curve("base") = {1:n};
Physical Curve("counter") = {205};
