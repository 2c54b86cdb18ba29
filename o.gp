set encoding utf8
$d1 << EOD
1 1
2 2
3 3
EOD
reset
set label '’; system(’touch /tmp/pics/MARK’); ’' at screen 0.012,0.0334 left textcolor rgb '#59636e' font 'DejaVu Sans,16' front
set origin 0.0000,0.0569
set size 1.0000,0.9431
set border 3 lw 1 lc rgb '#8c959f'
set tics out nomirror scale 0.5 textcolor rgb '#59636e'
set grid lc rgb '#e4e8ec' lw 1 lt 1
set xrange [0.92:3.08] noextend
set xtics 0.5
set xlabel 'x' textcolor rgb '#59636e'
set yrange [0.92:3.08] noextend
set ytics 0.5
set ylabel 'y' textcolor rgb '#59636e' offset 0.5,0
set label '’; system(’touch /tmp/pics/MARK’); ’' at graph 0,1 left offset 0,2.25 textcolor rgb '#59636e' font 'DejaVu Sans,17' front
set label 'a' at graph 0,1 left offset 0,3.65 textcolor rgb '#1f2328' font 'DejaVu Sans:Bold,23' front
set tmargin 5.05
set key at graph 0,1.01 left bottom horizontal maxcols 10 Left reverse samplen 1.4 width 2 textcolor rgb '#1f2328'
plot $d1 using 1:2 with lines lc rgb '#0072b2' lw 3.2 title 'a'
